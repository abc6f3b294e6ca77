import { type AnswerMessage, type FunctionContext, type InvokeMessage, MAX_RESPONSE_BYTES } from '../messages.ts';
import { lambdaError, RuntimeError } from './errors.ts';
import type { Handler } from './handler.ts';

/** Runs the handler on one event. Never rejects: what the handler throws is part of the answer. */
export async function answer(handler: Handler, message: InvokeMessage, fixed: FunctionContext): Promise<AnswerMessage> {
  process.env._X_AMZN_TRACE_ID = message.traceId;
  const outcome = await run(handler, message, fixed);
  return {
    type: 'answer',
    ...outcome,
    memoryBytes: process.memoryUsage.rss(),
    written: { stdout: process.stdout.bytesWritten, stderr: process.stderr.bytesWritten },
  };
}

async function run(
  handler: Handler,
  message: InvokeMessage,
  fixed: FunctionContext,
): Promise<Pick<AnswerMessage, 'payload' | 'error'>> {
  try {
    return { payload: toJson(await handler(JSON.parse(message.payload), contextOf(message, fixed))) };
  } catch (thrown) {
    const error = lambdaError(thrown);
    logError('Invoke Error', error, message.requestId);
    return { error };
  }
}

/** One line on stderr, in the words of the managed runtime; a failed asynchronous invocation shows nowhere else. */
export function logError(title: string, error: object, requestId = ''): void {
  process.stderr.write(`${new Date().toISOString()}\t${requestId}\tERROR\t${title} \t${JSON.stringify(error)}\n`);
}

function contextOf(message: InvokeMessage, fixed: FunctionContext): object {
  const deadlineMs = Date.now() + message.timeoutMs;
  return {
    ...fixed,
    invokedFunctionArn: message.invokedFunctionArn,
    awsRequestId: message.requestId,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

function toJson(value: unknown): string {
  const json = stringify(value) ?? 'null';
  // Measured in bytes only where the length leaves a doubt: a character takes at most three in UTF-8.
  if (json.length * 3 > MAX_RESPONSE_BYTES && Buffer.byteLength(json) > MAX_RESPONSE_BYTES) {
    throw new RuntimeError(
      'Function.ResponseSizeTooLarge',
      `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
    );
  }
  return json;
}

function stringify(value: unknown): string | undefined {
  try {
    return JSON.stringify(value);
  } catch (cause) {
    throw new RuntimeError('Runtime.UnhandledPromiseRejection', 'Unable to stringify response body', { cause });
  }
}
