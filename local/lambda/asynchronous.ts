import { setTimeout as pause } from 'node:timers/promises';
import { AwsError } from '../aws-json.ts';
import type { Invocation, InvocationResult } from './invocation.ts';

/** An event that failed at its first and every further try, or that no try could be made for. */
export interface AsyncFailure {
  readonly functionName: string;
  readonly requestId: string;
  /** The event, as JSON. */
  readonly payload: string;
  readonly attempts: number;
  /** What the last attempt returned: `payload` holds the error. */
  readonly result: InvocationResult;
}

export interface AsyncRetries {
  /** The pauses before the further tries: as many tries as pauses. AWS waits one minute, then two. */
  readonly pausesMs: readonly number[];
  /** How long an event waits where the function is throttled; that is no try. */
  readonly throttlePauseMs: number;
  readonly signal: AbortSignal;
}

/**
 * Runs an event until a try succeeds or none is left.
 * @returns the last result, and the number of tries
 * @throws AbortError when the service stops meanwhile
 */
export async function invokeWithRetries(
  invoke: (invocation: Invocation) => Promise<InvocationResult>,
  invocation: Invocation,
  retries: AsyncRetries,
): Promise<{ result: InvocationResult; attempts: number }> {
  const { pausesMs, signal } = retries;
  for (let attempts = 1; ; attempts += 1) {
    const result = await invokeUnthrottled(invoke, invocation, retries);
    const pauseMs = pausesMs[attempts - 1];
    if (!result.functionError || pauseMs === undefined) return { result, attempts };
    await pause(pauseMs, undefined, { signal });
  }
}

async function invokeUnthrottled(
  invoke: (invocation: Invocation) => Promise<InvocationResult>,
  invocation: Invocation,
  { throttlePauseMs, signal }: AsyncRetries,
): Promise<InvocationResult> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await invoke(invocation);
    } catch (error) {
      if (!(error instanceof AwsError) || error.code !== 'TooManyRequestsException') throw error;
    }
    await pause(throttlePauseMs, undefined, { signal });
  }
}
