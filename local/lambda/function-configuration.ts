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
  /** @default the operator's */
  readonly credentials?: FunctionCredentials | undefined;
  /** Who else may invoke it: the policy at the function, as JSON. @default - nobody else */
  readonly policy?: string | undefined;
  /** Invocations at once, running and waiting together, beyond which callers get 429. @default unreserved */
  readonly reservedConcurrency?: number | undefined;
  /** A folder whose node_modules serve what the code's own folder cannot resolve, as an image's do. */
  readonly resolveFrom?: string | undefined;
  /** Versions that were published, by number. All run the one code that there is. @default none: `$LATEST` alone */
  readonly versions?: readonly string[] | undefined;
  /** By name, the version that an alias leads to. @default none */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  /** Processes at once; further invocations wait in line. AWS has no such line, but a laptop has few cores. @default 4 */
  readonly maxInstances?: number | undefined;
}

export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export const functionArn = (name: string): string => `arn:aws:lambda:${LOCAL_REGION}:${LOCAL_ACCOUNT}:function:${name}`;

/** The version that nobody published. */
export const LATEST = '$LATEST';

/** What a caller asks for. */
export interface FunctionReference {
  readonly name: string;
  /** A version or an alias; absent: `$LATEST`. */
  readonly qualifier?: string | undefined;
}

/** Reads any of the forms that the API takes: `name`, `account:function:name`, or an ARN; each with `:qualifier` or without. */
export function functionReference(nameOrArn: string): FunctionReference {
  const [name = '', qualifier] = nameOrArn.replace(/^(.*:)?function:/, '').split(':');
  return { name, qualifier };
}

/** @returns undefined where the function has no such version or alias */
export function versionOf(
  { versions = [], aliases = {} }: FunctionConfiguration,
  qualifier = LATEST,
): string | undefined {
  if (qualifier === LATEST || versions.includes(qualifier)) return qualifier;
  return Object.hasOwn(aliases, qualifier) ? aliases[qualifier] : undefined;
}
