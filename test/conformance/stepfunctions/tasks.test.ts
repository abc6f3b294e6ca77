import {
  DescribeExecutionCommand,
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
  type SFNClient,
} from '@aws-sdk/client-sfn';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { AwsError } from '../../../local/aws-json.ts';
import { isRemote } from '../../support/endpoint.ts';
import { ManualTimer } from '../../support/manual-timer.ts';
import {
  aChain,
  ending,
  functionArn,
  historyOf,
  namedError,
  outputOf,
  PATIENCE,
  ROLE,
  run,
  StubServices,
  start,
  stepFunctionsUnderTest,
} from './machine-fixtures.ts';

const aTask = (over: object = {}) => ({ Type: 'Task', Resource: functionArn('train'), ...over });
const invoke = (Parameters: object = { FunctionName: 'train', 'Payload.$': '$' }) =>
  aTask({ Resource: 'arn:aws:states:::lambda:invoke', Parameters });

/** Never answers. */
const endless = () => new Promise(() => {});

/** Another endpoint has none of these functions, queues and tables. */
describe.skipIf(isRemote)('tasks', () => {
  const services = new StubServices();
  const timer = new ManualTimer();
  let client: SFNClient;

  beforeAll(async () => {
    client = await stepFunctionsUnderTest({ services, timer, random: () => 0.5 });
  });

  beforeEach(() => {
    services.functionCalls.length = 0;
    services.serviceCalls.length = 0;
    services.functions = { train: (payload) => payload };
    services.answer = () => ({});
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html
  describe('a function', () => {
    it('called by its ARN gets the input, and its result is the output', async () => {
      services.functions.train = () => ({ auc: 0.9 });

      const output = await outputOf(client, aChain(aTask({ ResultPath: '$.metrics' })), { model: 'churn' });

      expect(output).toEqual({ model: 'churn', metrics: { auc: 0.9 } });
      expect(services.functionCalls).toEqual([
        {
          functionName: functionArn('train'),
          payload: { model: 'churn' },
          type: 'RequestResponse',
          roleArn: ROLE,
        },
      ]);
    });

    it('called through lambda:invoke gets the payload, and its result is within the answer', async () => {
      services.functions.train = () => ({ auc: 0.9 });

      const output = await outputOf(client, aChain(invoke()), { model: 'churn' });

      expect(output).toEqual({ ExecutedVersion: '$LATEST', Payload: { auc: 0.9 }, StatusCode: 200 });
    });

    it('may be named with an alias, and called without waiting for it', async () => {
      const Parameters = { FunctionName: `${functionArn('train')}:live`, InvocationType: 'Event' };

      await outputOf(client, aChain(invoke(Parameters)));

      expect(services.functionCalls).toEqual([
        { functionName: `${functionArn('train')}:live`, payload: {}, type: 'Event', roleArn: ROLE },
      ]);
    });

    it('that fails gives the error its name and its payload', async () => {
      services.functions.train = () => namedError('NotEnoughRowsError', 'only 3 rows');

      const { status, error, cause } = await run(client, aChain(aTask()));

      expect([status, error]).toEqual(['FAILED', 'NotEnoughRowsError']);
      expect(JSON.parse(cause!)).toMatchObject({ errorType: 'NotEnoughRowsError', errorMessage: 'only 3 rows' });
    });

    it.each([
      ['TooManyRequestsException', 'Lambda.TooManyRequestsException'],
      ['ServiceException', 'Lambda.ServiceException'],
      ['ResourceNotFoundException', 'Lambda.ResourceNotFoundException'],
      ['AccessDeniedException', 'Lambda.AWSLambdaException'],
    ])('that Lambda refuses with %s fails as %s', async (code, error) => {
      services.functions.train = () => {
        throw new AwsError(code, 'refused');
      };

      expect(await run(client, aChain(invoke()))).toMatchObject({ status: 'FAILED', error, cause: 'refused' });
    });

    it('that returns more than 256 KiB fails as States.DataLimitExceeded, which States.ALL catches', async () => {
      services.functions.train = () => 'ä'.repeat(140_000);
      const guarded = { ...invoke(), Catch: [{ ErrorEquals: ['States.ALL'], Next: 'State2' }] };

      const output = await outputOf(client, aChain(guarded, { Type: 'Pass' }));

      // as AWS was recorded to answer (LocalStack's snapshots of test_states_errors)
      expect(output).toEqual({
        Error: 'States.DataLimitExceeded',
        Cause:
          "The state/task 'lambda' returned a result with a size exceeding the maximum number of bytes service limit.",
      });
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/integrate-optimized.html
  describe('a service', () => {
    const sendMessage = (MessageBody: unknown, suffix = '') =>
      aTask({
        Resource: `arn:aws:states:::sqs:sendMessage${suffix}`,
        Parameters: { QueueUrl: 'http://127.0.0.1/0/jobs', MessageBody },
      });

    it('SQS gets a message, JSON where the body is none', async () => {
      services.answer = () => ({ MessageId: 'm' });

      const output = await outputOf(client, aChain(sendMessage({ job: 1 })));

      expect(output).toEqual({ MessageId: 'm' });
      expect(services.serviceCalls).toEqual([
        {
          service: 'sqs',
          operation: 'SendMessage',
          input: { QueueUrl: 'http://127.0.0.1/0/jobs', MessageBody: '{"job":1}' },
          roleArn: ROLE,
        },
      ]);
    });

    it('EventBridge gets events, their details as JSON', async () => {
      services.answer = () => ({ FailedEntryCount: 0, Entries: [{ EventId: 'e' }] });
      const Entries = [{ Source: 'kilat', DetailType: 'trained', Detail: { 'auc.$': '$.auc' } }];

      await outputOf(
        client,
        aChain(aTask({ Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries } })),
        {
          auc: 0.9,
        },
      );

      expect(services.serviceCalls[0]).toMatchObject({
        operation: 'PutEvents',
        input: { Entries: [{ Source: 'kilat', DetailType: 'trained', Detail: '{"auc":0.9}' }] },
      });
    });

    it('an event that is refused fails the task as EventBridge.FailedEntry', async () => {
      services.answer = () => ({ FailedEntryCount: 1, Entries: [{ ErrorCode: 'MalformedDetail' }] });
      const definition = aChain(aTask({ Resource: 'arn:aws:states:::events:putEvents', Parameters: { Entries: [] } }));

      expect(await run(client, definition)).toMatchObject({ status: 'FAILED', error: 'EventBridge.FailedEntry' });
    });

    it.each([
      ['getItem', 'GetItem'],
      ['putItem', 'PutItem'],
      ['updateItem', 'UpdateItem'],
    ])('DynamoDB is called for %s', async (action, operation) => {
      const Parameters = { TableName: 'models', Key: { pk: { 'S.$': '$.id' } } };

      await outputOf(client, aChain(aTask({ Resource: `arn:aws:states:::dynamodb:${action}`, Parameters })), {
        id: 'churn',
      });

      const input = { TableName: 'models', Key: { pk: { S: 'churn' } } };
      expect(services.serviceCalls).toEqual([{ service: 'dynamodb', operation, input, roleArn: ROLE }]);
    });

    // as AWS was recorded to answer (LocalStack's snapshots of test_task_service_dynamodb and _sqs)
    it.each([
      ['dynamodb:putItem', 'ResourceNotFoundException', 'DynamoDB.ResourceNotFoundException'],
      ['dynamodb:putItem', 'ConditionalCheckFailedException', 'DynamoDB.ConditionalCheckFailedException'],
      ['dynamodb:putItem', 'ValidationException', 'DynamoDB.AmazonDynamoDBException'],
      ['sqs:sendMessage', 'MissingParameter', 'SQS.AmazonSQSException'],
      ['sqs:sendMessage', 'QueueDoesNotExist', 'SQS.QueueDoesNotExistException'],
    ])('%s that is refused with %s fails as %s', async (resource, code, error) => {
      services.answer = () => {
        throw new AwsError(code, 'refused');
      };

      const definition = aChain(aTask({ Resource: `arn:aws:states:::${resource}`, Parameters: {} }));

      expect(await run(client, definition)).toMatchObject({ status: 'FAILED', error });
    });

    it('SageMaker fails when it comes to run, with a sentence that says so', async () => {
      const Resource = 'arn:aws:states:::sagemaker:createTrainingJob.sync';

      const { status, cause } = await run(client, aChain(aTask({ Resource, Parameters: {} })));

      expect(status).toBe('FAILED');
      expect(cause).toBe('sagemaker:createTrainingJob.sync runs on AWS alone: the local cloud has no sagemaker');
    });

    // https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token
    describe('with a task token', () => {
      const waiting = sendMessage({ 'token.$': '$$.Task.Token' }, '.waitForTaskToken');
      const tokenSent = () =>
        vi.waitUntil(() => {
          const body = services.serviceCalls[0]?.input.MessageBody;
          return body && JSON.parse(String(body)).token;
        }, PATIENCE);

      it('waits until somebody sends the result', async () => {
        const executionArn = await start(client, aChain(waiting));
        const taskToken = await tokenSent();
        await client.send(new SendTaskSuccessCommand({ taskToken, output: '{"approved":true}' }));

        expect((await ending(client, executionArn)).output).toEqual({ approved: true });
        const again = client.send(new SendTaskSuccessCommand({ taskToken, output: '{}' }));
        await expect(again).rejects.toMatchObject({ name: 'TaskTimedOut' });
      });

      it('fails of what is sent', async () => {
        const executionArn = await start(client, aChain(waiting));
        const taskToken = await tokenSent();
        await client.send(new SendTaskFailureCommand({ taskToken, error: 'Rejected', cause: 'too weak' }));

        const failure = { status: 'FAILED', error: 'Rejected', cause: 'too weak' };
        expect(await ending(client, executionArn)).toMatchObject(failure);
      });

      it('fails when no heartbeat comes in time', async () => {
        const executionArn = await start(client, aChain({ ...waiting, HeartbeatSeconds: 60 }));
        const taskToken = await tokenSent();
        timer.advance(59_000);
        await client.send(new SendTaskHeartbeatCommand({ taskToken }));
        timer.advance(59_000);
        const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
        await timer.toNext();

        expect(status).toBe('RUNNING');
        expect(await ending(client, executionArn)).toMatchObject({ error: 'States.HeartbeatTimeout' });
      });

      it('takes no token that it never gave', async () => {
        const success = new SendTaskSuccessCommand({ taskToken: 'mine', output: '{}' });

        await expect(client.send(success)).rejects.toMatchObject({ name: 'InvalidToken' });
      });
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
  describe('a retrier', () => {
    const retried = (retrier: object) => aChain(aTask({ Retry: [{ ErrorEquals: ['States.TaskFailed'], ...retrier }] }));

    /** The pauses between the tries, in seconds, where every try fails. */
    async function pauses(count: number, definition: object): Promise<number[]> {
      services.functions.train = () => namedError('Transient');
      const executionArn = await start(client, definition);
      const waited: number[] = [];
      while (waited.length < count) waited.push((await timer.toNext()) / 1000);
      expect(await ending(client, executionArn)).toMatchObject({ status: 'FAILED', error: 'Transient' });
      expect(services.functionCalls).toHaveLength(count + 1);
      return waited;
    }

    it.each([
      ['1, 2 and 4 seconds, where it says nothing', {}, [1, 2, 4]],
      ['3 and 4.5, by interval and rate', { IntervalSeconds: 3, BackoffRate: 1.5, MaxAttempts: 2 }, [3, 4.5]],
      ['no longer than the longest delay', { IntervalSeconds: 3, MaxDelaySeconds: 5 }, [3, 5, 5]],
      ['a random part of it with jitter', { IntervalSeconds: 4, JitterStrategy: 'FULL' }, [2, 4, 8]],
      ['not at all with no attempts', { MaxAttempts: 0 }, []],
    ])('waits %s', async (_, retrier, expected) => {
      expect(await pauses(expected.length, retried(retrier))).toEqual(expected);
    });

    it('ends with the first success, and the context object tells how often it was tried', async () => {
      let tries = 0;
      services.functions.train = (payload) => {
        tries += 1;
        return tries < 3 ? namedError('Transient') : payload;
      };
      const task = invoke({ FunctionName: 'train', Payload: { 'retries.$': '$$.State.RetryCount' } });
      const executionArn = await start(client, aChain({ ...task, Retry: [{ ErrorEquals: ['Transient'] }] }));
      await timer.toNext();
      await timer.toNext();

      expect((await ending(client, executionArn)).output.Payload).toEqual({ retries: 2 });
    });

    it('leaves what it does not name, and each counts for itself', async () => {
      const errors = ['A', 'B', 'A', 'C'];
      services.functions.train = () => namedError(errors.shift()!);
      const Retry = [
        { ErrorEquals: ['A'], IntervalSeconds: 1, BackoffRate: 5 },
        { ErrorEquals: ['B'], IntervalSeconds: 2 },
      ];
      const executionArn = await start(client, aChain(aTask({ Retry })));

      expect([await timer.toNext(), await timer.toNext(), await timer.toNext()]).toEqual([1000, 2000, 5000]);
      expect(await ending(client, executionArn)).toMatchObject({ error: 'C' });
    });
  });

  describe('a catcher', () => {
    const caught = (ErrorEquals: string[], over: object = {}) =>
      aChain(aTask({ Catch: [{ ErrorEquals, Next: 'State2', ...over }] }), { Type: 'Pass' });

    it.each([[['Rejected']], [['Other', 'Rejected']], [['States.TaskFailed']], [['States.ALL']]])(
      'of %j takes the error as the input of its state',
      async (ErrorEquals) => {
        services.functions.train = () => namedError('Rejected');

        expect(await outputOf(client, caught(ErrorEquals))).toEqual({ Error: 'Rejected', Cause: expect.any(String) });
      },
    );

    it('keeps the input where its ResultPath says so', async () => {
      services.functions.train = () => namedError('Rejected');

      const output = await outputOf(client, caught(['States.ALL'], { ResultPath: '$.failure' }), { model: 'churn' });

      expect(output).toMatchObject({ model: 'churn', failure: { Error: 'Rejected' } });
    });

    it('comes after the retriers', async () => {
      services.functions.train = () => namedError('Transient');
      const Retry = [{ ErrorEquals: ['Transient'], MaxAttempts: 1 }];
      const Catch = [{ ErrorEquals: ['Transient'], Next: 'State2' }];
      const executionArn = await start(client, aChain(aTask({ Retry, Catch }), { Type: 'Pass' }));
      await timer.toNext();

      expect(await ending(client, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
      expect(services.functionCalls).toHaveLength(2);
    });

    it('does not take a runtime error', async () => {
      const task = aTask({
        Parameters: { 'a.$': '$.missing' },
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'State2' }],
      });

      expect(await run(client, aChain(task, { Type: 'Pass' }))).toMatchObject({ error: 'States.Runtime' });
    });
  });

  describe('a time limit', () => {
    it('of a task fails it as States.Timeout, which States.TaskFailed does not catch', async () => {
      services.functions.train = endless;
      const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'State2' }];
      const executionArn = await start(client, aChain(aTask({ TimeoutSeconds: 900, Catch }), { Type: 'Pass' }));

      expect(await timer.toNext()).toBe(900_000);
      expect(await ending(client, executionArn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      expect((await historyOf(client, executionArn)).map(({ type }) => type)).toContain('LambdaFunctionTimedOut');
    });

    it('of a task may come from its input, and be caught', async () => {
      services.functions.train = endless;
      const Catch = [{ ErrorEquals: ['States.Timeout'], Next: 'State2' }];
      const task = aTask({ TimeoutSecondsPath: '$.limit', Catch });
      const executionArn = await start(client, aChain(task, { Type: 'Pass' }), { limit: 7 });

      expect(await timer.toNext()).toBe(7000);
      expect((await ending(client, executionArn)).output).toEqual({ Error: 'States.Timeout', Cause: '' });
    });

    it('of the machine ends the execution as TIMED_OUT', async () => {
      services.functions.train = endless;
      const executionArn = await start(client, { ...aChain(aTask()), TimeoutSeconds: 60 });
      await timer.toNext();

      expect(await ending(client, executionArn)).toMatchObject({ status: 'TIMED_OUT', error: undefined });
      expect((await historyOf(client, executionArn)).at(-1)).toMatchObject({ type: 'ExecutionTimedOut' });
    });

    it('that is not reached leaves nothing behind', async () => {
      await outputOf(client, { ...aChain(aTask({ TimeoutSeconds: 5 })), TimeoutSeconds: 60 });
      const executionArn = await start(client, aChain({ Type: 'Wait', Seconds: 3 }));

      expect(await timer.toNext()).toBe(3000);
      await ending(client, executionArn);
    });
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/state-wait.html
  describe('a Wait state', () => {
    it.each([
      ['its seconds', { Seconds: 10 }, 10_000],
      ['no time', { Seconds: 0 }, undefined],
      ['the seconds of its input', { SecondsPath: '$.seconds' }, 20_000],
      ['no time, once its moment has passed', { Timestamp: '2025-01-01T00:00:00Z' }, undefined],
    ])('waits for %s', async (_, fields, expected) => {
      const executionArn = await start(client, aChain({ Type: 'Wait', ...fields }), { seconds: 20 });
      if (expected !== undefined) expect(await timer.toNext()).toBe(expected);

      expect((await ending(client, executionArn)).output).toEqual({ seconds: 20 });
    });

    it('waits until the moment of its input', async () => {
      const at = new Date(timer.now() + 45_000).toISOString();
      const executionArn = await start(client, aChain({ Type: 'Wait', TimestampPath: '$.at' }), { at });

      expect(await timer.toNext()).toBe(45_000);
      await ending(client, executionArn);
    });

    it('cannot wait for what is no time', async () => {
      const definition = aChain({ Type: 'Wait', SecondsPath: '$.seconds' });

      expect(await run(client, definition, { seconds: 'long' })).toMatchObject({ error: 'States.Runtime' });
    });
  });
});
