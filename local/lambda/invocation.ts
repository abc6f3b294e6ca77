import { randomBytes } from 'node:crypto';

export interface InvocationResult {
  /** 200 for a synchronous invocation, also for one that failed; 202 once an `Event` is taken in; 204 for a dry run. */
  readonly statusCode: 200 | 202 | 204;
  readonly requestId: string;
  /** A number, or `$LATEST`. */
  readonly executedVersion: string;
  /** Set when the function failed: `payload` is then `{ errorType, errorMessage, trace }`. */
  readonly functionError?: 'Unhandled' | undefined;
  /** JSON, as the function returned it; empty when it was not waited for. */
  readonly payload: string;
  /** The last 4 KB of the invocation's log, where they were asked for. */
  readonly logTail?: string | undefined;
}

export type InvocationType = 'RequestResponse' | 'Event' | 'DryRun';

/** One event on its way to a function. A retry is the same invocation: it keeps its request id, as on AWS. */
export interface Invocation {
  readonly requestId: string;
  readonly traceId: string;
  /** The event as JSON. */
  readonly payload: string;
  readonly wantsLogTail?: boolean | undefined;
  /** With the version or the alias that the caller named. */
  readonly invokedFunctionArn: string;
}

/** One line of a function's log. */
export interface LogRecord {
  readonly functionName: string;
  readonly logStreamName: string;
  /** Absent for what the function writes outside of an invocation, e.g. while it starts. */
  readonly requestId?: string | undefined;
  readonly line: string;
  readonly timestampMs: number;
}

/** A fresh trace header, not sampled. @see https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader */
export function newTraceId(nowMs: number): string {
  const epoch = Math.floor(nowMs / 1000).toString(16);
  return `Root=1-${epoch}-${randomBytes(12).toString('hex')};Parent=${randomBytes(8).toString('hex')};Sampled=0`;
}
