import {
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientConfig } from '../../support/endpoint.ts';
import { aFunction, listenedLambda } from '../../support/lambda-fixtures/functions.ts';

let lambda: Awaited<ReturnType<typeof listenedLambda>>;
let client: LambdaClient;

beforeAll(async () => {
  lambda = await listenedLambda([
    aFunction('echo', { environment: { TABLE: 'predictions' }, timeoutMs: 29_000, memoryMb: 1024 }),
    aFunction('throws'),
    aFunction('logsMuch'),
    aFunction('count'),
    aFunction('count', { name: 'closed', reservedConcurrency: 0 }),
  ]);
  client = new LambdaClient(clientConfig(lambda.url));
});
afterAll(() => lambda.close());

const invoke = (FunctionName: string, over: Partial<InvokeCommand['input']> = {}) =>
  client.send(new InvokeCommand({ FunctionName, Payload: '{"text":"täglich"}', ...over }));
const json = (payload: { transformToString(): string } | undefined) => JSON.parse(payload?.transformToString() ?? '');

describe('Invoke', () => {
  it('returns what the handler returned', async () => {
    const output = await invoke('echo');

    expect(output).toMatchObject({ StatusCode: 200, ExecutedVersion: '$LATEST' });
    expect(output.FunctionError).toBeUndefined();
    expect(json(output.Payload)).toEqual({ text: 'täglich' });
  });

  it.each([
    'arn:aws:lambda:us-east-1:000000000000:function:echo',
    'arn:aws:lambda:us-east-1:000000000000:function:echo:$LATEST',
    '000000000000:function:echo',
    'echo:live',
  ])('finds the function by %s', async (name) => {
    const output = await invoke(name);

    expect(json(output.Payload)).toEqual({ text: 'täglich' });
  });

  it('hands an empty event over as an empty object', async () => {
    const output = await client.send(new InvokeCommand({ FunctionName: 'echo' }));

    expect(json(output.Payload)).toEqual({});
  });

  it('answers 200 with X-Amz-Function-Error when the handler throws', async () => {
    const output = await invoke('throws');

    expect(output).toMatchObject({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(json(output.Payload)).toEqual({
      errorType: 'RangeError',
      errorMessage: 'topK must be at most 5, was 7',
      trace: expect.arrayContaining(['RangeError: topK must be at most 5, was 7']),
    });
  });

  it('returns the last 4 KB of the log on LogType Tail', async () => {
    const output = await invoke('logsMuch', { LogType: 'Tail' });

    const tail = Buffer.from(output.LogResult ?? '', 'base64').toString();
    expect(Buffer.byteLength(tail)).toBe(4096);
    expect(tail).toMatch(/^x+\nEND RequestId: \S+\nREPORT RequestId: /);
  });

  it('takes an Event in with 202 and runs it afterwards', async () => {
    const output = await invoke('count', { InvocationType: 'Event' });

    expect(output.StatusCode).toBe(202);
    await expect
      .poll(() => lambda.logs.some((log) => log.functionName === 'count' && /^END/.test(log.line)))
      .toBe(true);
  });

  it('runs nothing on a DryRun', async () => {
    const output = await invoke('throws', { InvocationType: 'DryRun' });

    expect(output).toMatchObject({ StatusCode: 204 });
    expect(output.FunctionError).toBeUndefined();
  });

  it('refuses an unknown function with ResourceNotFoundException', async () => {
    await expect(invoke('nowhere')).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Function not found: arn:aws:lambda:us-east-1:000000000000:function:nowhere',
      $metadata: { httpStatusCode: 404 },
    });
  });

  it('refuses an event that is not JSON with InvalidRequestContentException', async () => {
    await expect(invoke('echo', { Payload: '{not json' })).rejects.toMatchObject({
      name: 'InvalidRequestContentException',
      $metadata: { httpStatusCode: 400 },
    });
  });

  it('refuses an event above 6 MB with RequestTooLargeException', async () => {
    const Payload = JSON.stringify('x'.repeat(6_291_456 - 1));

    await expect(invoke('echo', { Payload })).rejects.toMatchObject({
      name: 'RequestTooLargeException',
      $metadata: { httpStatusCode: 413 },
    });
  });

  it('throttles beyond the reserved concurrency with TooManyRequestsException', async () => {
    await expect(invoke('closed')).rejects.toMatchObject({
      name: 'TooManyRequestsException',
      message: 'Rate Exceeded.',
      Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded',
      $metadata: { httpStatusCode: 429 },
    });
  });
});

describe('GetFunction and its kin', () => {
  const configuration = {
    FunctionName: 'echo',
    FunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:echo',
    Runtime: 'nodejs24.x',
    Handler: 'handlers.echo',
    Timeout: 29,
    MemorySize: 1024,
    Environment: { Variables: { TABLE: 'predictions' } },
    State: 'Active',
  };

  it('GetFunctionConfiguration describes the function', async () => {
    const output = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'echo' }));

    expect(output).toMatchObject(configuration);
  });

  it('GetFunction shows the reserved concurrency', async () => {
    const output = await client.send(new GetFunctionCommand({ FunctionName: 'closed' }));

    expect(output).toMatchObject({
      Configuration: { FunctionName: 'closed' },
      Concurrency: { ReservedConcurrentExecutions: 0 },
    });
  });

  it('GetFunction refuses an unknown function', async () => {
    await expect(client.send(new GetFunctionCommand({ FunctionName: 'nowhere' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('ListFunctions lists all', async () => {
    const output = await client.send(new ListFunctionsCommand({}));

    expect(output.Functions?.map((fn) => fn.FunctionName)).toEqual(['echo', 'throws', 'logsMuch', 'count', 'closed']);
  });
});
