import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { lambdaError } from '../../local/lambda/runtime/errors.ts';
import { type Handler, loadHandler } from '../../local/lambda/runtime/handler.ts';

// Stands in for AWS's runtime interface client, in the base image that is built without Docker: it loads the handler that
// its argument names and fetches one event after the other. Buffered answers of one invocation at a time, nothing more.
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

const { AWS_LAMBDA_RUNTIME_API, LAMBDA_TASK_ROOT, ...env } = process.env;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function call(method: 'GET' | 'POST', path: string, body = '', headers: Record<string, string> = {}): Promise<Answer> {
  const url = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/${path}`;
  return new Promise((resolve, reject) => {
    const sent = request(url, { method, agent, headers: { 'content-length': Buffer.byteLength(body), ...headers } });
    sent.on('error', reject).end(body);
    sent.on('response', async (received) => {
      resolve({ headers: received.headers, body: (await buffer(received)).toString() });
    });
  });
}

function tellError(path: string, thrown: unknown): Promise<Answer> {
  const error = lambdaError(thrown);
  const headers = { 'content-type': 'application/json', 'lambda-runtime-function-error-type': error.errorType };
  return call('POST', path, JSON.stringify(error), headers);
}

function contextOf(headers: IncomingHttpHeaders): object {
  const deadlineMs = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    getRemainingTimeInMillis: () => deadlineMs - Date.now(),
  };
}

async function serve(handler: Handler): Promise<never> {
  for (;;) {
    const { headers, body } = await call('GET', 'invocation/next');
    const invocation = `invocation/${headers['lambda-runtime-aws-request-id']}`;
    process.env._X_AMZN_TRACE_ID = String(headers['lambda-runtime-trace-id'] ?? '');
    try {
      const answer = await handler(JSON.parse(body), contextOf(headers));
      await call('POST', `${invocation}/response`, JSON.stringify(answer ?? null));
    } catch (thrown) {
      await tellError(`${invocation}/error`, thrown);
    }
  }
}

const name = process.argv[2] ?? '';
process.env._HANDLER = name;
const handler = await loadHandler(LAMBDA_TASK_ROOT!, name).catch(async (thrown) => {
  await tellError('init/error', thrown);
  process.exit(1);
});
await serve(handler);
