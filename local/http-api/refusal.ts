/** What the gateway refuses by itself, before or after the function. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 413 | 429 | 500 | 503;

export interface RefusedRequest {
  readonly requestId: string;
  readonly method: string;
  readonly path: string;
  /** What AWS says: `Unauthorized`. */
  readonly message: string;
}

/** Writes the body of a refusal. */
export type WriteRefusal = (
  status: RefusalStatus,
  request: RefusedRequest,
) => { readonly contentType: string; readonly body: string };

/** Raised where the gateway refuses; the edge makes the response of it. */
export class RefusalError extends Error {
  readonly status: RefusalStatus;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: RefusalStatus, headers: Record<string, string> = {}, options?: ErrorOptions) {
    super(MESSAGES[status], options);
    this.name = 'RefusalError';
    this.status = status;
    this.headers = headers;
  }
}

const MESSAGES: Record<RefusalStatus, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  413: 'Request Entity Too Large',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

export const awsRefusal: WriteRefusal = (_status, { message }) => ({
  contentType: 'application/json',
  body: JSON.stringify({ message }),
});
