import {
  GetAliasCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  ListFunctionsCommand,
  ListVersionsByFunctionCommand,
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
    aFunction('count', { name: 'closed', reservedConcurrency: 0, versions: ['1'], aliases: { live: '1' } }),
    aFunction('about', { versions: ['1', '2'], aliases: { live: '2' } }),
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
    'echo:$LATEST',
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

  it.each([
    ['the name', 'about:live', undefined],
    ['the ARN', 'arn:aws:lambda:us-east-1:000000000000:function:about:live', undefined],
    ['the request', 'about', 'live'],
    ['both', 'about:live', 'live'],
  ])('runs the version of an alias in %s, and tells the function so', async (_, name, Qualifier) => {
    const output = await invoke(name, { Qualifier });

    expect(output.ExecutedVersion).toBe('2');
    expect(json(output.Payload)).toMatchObject({
      functionVersion: '2',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:about:live',
    });
  });

  it('runs a version by its number, beside the others', async () => {
    const outputs = await Promise.all(['1', '2', '$LATEST'].map((Qualifier) => invoke('about', { Qualifier })));

    expect(outputs.map(({ ExecutedVersion }) => ExecutedVersion)).toEqual(['1', '2', '$LATEST']);
    expect(outputs.map(({ Payload }) => json(Payload).functionVersion)).toEqual(['1', '2', '$LATEST']);
  });

  it.each(['constructor', 'canary', '3'])(
    'refuses %s, which the function has not, with ResourceNotFoundException',
    async (Qualifier) => {
      await expect(invoke('about', { Qualifier })).rejects.toMatchObject({
        name: 'ResourceNotFoundException',
        message: `Function not found: arn:aws:lambda:us-east-1:000000000000:function:about:${Qualifier}`,
        $metadata: { httpStatusCode: 404 },
      });
    },
  );

  it('refuses a qualifier that contradicts the name with InvalidParameterValueException', async () => {
    await expect(invoke('about:live', { Qualifier: '1' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: 'The derived qualifier from the function name does not match the specified qualifier.',
    });
  });

  it('counts the invocations of an alias towards what the function has reserved', async () => {
    await expect(invoke('closed:live')).rejects.toMatchObject({ name: 'TooManyRequestsException' });
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

  it.each([
    ['an alias', 'live', '2'],
    ['a version', '1', '1'],
  ])('GetFunctionConfiguration describes %s', async (_, Qualifier, Version) => {
    const output = await client.send(new GetFunctionConfigurationCommand({ FunctionName: 'about', Qualifier }));

    const FunctionArn = `arn:aws:lambda:us-east-1:000000000000:function:about:${Qualifier}`;
    expect(output).toMatchObject({ FunctionArn, Version });
  });

  it('GetAlias tells the version that the alias leads to', async () => {
    const output = await client.send(new GetAliasCommand({ FunctionName: 'about', Name: 'live' }));

    expect(output).toMatchObject({
      AliasArn: 'arn:aws:lambda:us-east-1:000000000000:function:about:live',
      Name: 'live',
      FunctionVersion: '2',
    });
  });

  it('GetAlias refuses an alias that the function has not', async () => {
    await expect(client.send(new GetAliasCommand({ FunctionName: 'about', Name: 'canary' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: 'Cannot find alias arn: arn:aws:lambda:us-east-1:000000000000:function:about:canary',
    });
  });

  it('ListVersionsByFunction lists $LATEST before what was published', async () => {
    const output = await client.send(new ListVersionsByFunctionCommand({ FunctionName: 'about' }));

    expect(output.Versions?.map(({ Version }) => Version)).toEqual(['$LATEST', '1', '2']);
  });

  it('ListFunctions lists all', async () => {
    const output = await client.send(new ListFunctionsCommand({}));

    expect(output.Functions?.map((fn) => fn.FunctionName)).toEqual([
      'echo',
      'throws',
      'logsMuch',
      'count',
      'closed',
      'about',
    ]);
  });
});
