import { AwsError } from '../aws-json.ts';
import type { InvocationResult } from '../lambda/index.ts';
import type { HttpApiEvent } from './event.ts';
import { functionResponse, type HttpResponse } from './function-response.ts';
import { RefusalError } from './refusal.ts';

export type Invoke = (functionArn: string, event: HttpApiEvent) => Promise<InvocationResult>;

/** @see https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html */
const MAX_INTEGRATION_MS = 30_000;

/**
 * Asks the function, and waits no longer than the gateway would; the function runs on, as on AWS.
 * @throws {RefusalError} 413 beyond Lambda's limit for an event; 503 after the timeout; 500 where the function failed
 */
export async function callFunction(
  invoke: Invoke,
  event: HttpApiEvent,
  { functionArn, timeoutMs = MAX_INTEGRATION_MS }: { functionArn: string; timeoutMs?: number | undefined },
): Promise<HttpResponse> {
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(() => timeout.reject(new RefusalError(503)), Math.min(timeoutMs, MAX_INTEGRATION_MS));
  try {
    const result = await Promise.race([invoke(functionArn, event), timeout.promise]);
    if (result.functionError) throw new RefusalError(500);
    return functionResponse(result.payload);
  } catch (error) {
    throw refusalOf(error);
  } finally {
    clearTimeout(timer);
  }
}

/** AWS documents no answer of an HTTP API for a throttled function; 503 is one that clients try again. */
function refusalOf(error: unknown): unknown {
  if (!(error instanceof AwsError)) return error;
  if (error.code === 'RequestTooLargeException') return new RefusalError(413, {}, { cause: error });
  if (error.code === 'TooManyRequestsException') return new RefusalError(503, {}, { cause: error });
  return new RefusalError(500, {}, { cause: error });
}
