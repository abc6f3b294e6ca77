import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';

export interface FunctionConfiguration {
  readonly name: string;
  readonly arn: string;
  /** The folder of the code: LAMBDA_TASK_ROOT, and the working directory of the function. */
  readonly directory: string;
  /** `index.handler` is the export `handler` of `index.mjs` (or `.js`, `.cjs`). */
  readonly handler: string;
  readonly timeoutMs: number;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  /** @default the credentials that all local clients share */
  readonly credentials?: FunctionCredentials | undefined;
  /** Invocations at once, running and waiting together, beyond which callers get 429. @default unreserved */
  readonly reservedConcurrency?: number | undefined;
  /** A folder whose node_modules serve what the code's own folder cannot resolve, as an image's do. */
  readonly resolveFrom?: string | undefined;
  /** Processes at once; further invocations wait in line. AWS has no such line, but a laptop has few cores. @default 4 */
  readonly maxInstances?: number | undefined;
}

export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export const functionArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

/**
 * The name within any of the forms that the API takes: `name`, `name:alias`, `account:function:name`, or an ARN with or
 * without a qualifier. There is one version, so the qualifier is dropped.
 */
export function functionName(nameOrArn: string): string {
  const afterFunction = /(?:^|:)function:([^:]+)/.exec(nameOrArn);
  return afterFunction?.[1] ?? nameOrArn.split(':')[0] ?? nameOrArn;
}
