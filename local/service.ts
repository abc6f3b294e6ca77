/** An emulated AWS service, listening on 127.0.0.1. */
export interface Service {
  /** The endpoint for an SDK client, without a trailing slash: `http://127.0.0.1:4566`. */
  readonly url: string;
  /** Stops listening, ends open connections and flushes what is stored. Safe to call twice. */
  close(): Promise<void>;
}

/** The account and region that every local resource belongs to. */
export const LOCAL_ACCOUNT = '000000000000';
export const LOCAL_REGION = 'us-east-1';

/** The credentials of whoever runs the local cloud, which may do all that no policy denies. */
export const LOCAL_CREDENTIALS = { accessKeyId: 'LOCALACCESSKEY', secretAccessKey: 'local-secret-key' } as const;

/** Time, as a parameter: epoch milliseconds. */
export type Clock = () => number;
