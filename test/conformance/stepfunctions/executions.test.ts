import { randomUUID } from 'node:crypto';
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  DescribeStateMachineForExecutionCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  type SFNClient,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import {
  aBranch,
  aChain,
  aMachine,
  ending,
  functionArn,
  historyOf,
  namedError,
  ROLE,
  run,
  StubServices,
  start,
  stepFunctionsUnderTest,
} from './machine-fixtures.ts';

const PASS = aChain({ Type: 'Pass' });
const LONG = aChain({ Type: 'Wait', Seconds: 86_400 });

const services = new StubServices();
let client: SFNClient;

beforeAll(async () => {
  client = await stepFunctionsUnderTest({ services });
});

const startNamed = (stateMachineArn: string, name?: string, input?: string) =>
  client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
const stop = (executionArn: string, over: object = {}) =>
  client.send(new StopExecutionCommand({ executionArn, ...over }));
const named = (name: string) => ({ name, message: expect.any(String) });

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
describe('StartExecution', () => {
  it('names the execution, which is found under its ARN', async () => {
    const stateMachineArn = await aMachine(client, PASS);
    const { executionArn, startDate } = await startNamed(stateMachineArn, 'weekly-1', '{"a":1}');
    await ending(client, executionArn!);

    const description = await client.send(new DescribeExecutionCommand({ executionArn }));

    expect(executionArn).toBe(`${stateMachineArn.replace(':stateMachine:', ':execution:')}:weekly-1`);
    expect(description).toMatchObject({
      ...{ executionArn, stateMachineArn, name: 'weekly-1', startDate },
      ...{ status: 'SUCCEEDED', input: '{"a":1}', output: '{"a":1}', redriveCount: 0 },
      ...{ inputDetails: { included: true }, outputDetails: { included: true }, redriveStatus: 'NOT_REDRIVABLE' },
    });
    expect(description.stopDate!.getTime()).toBeGreaterThanOrEqual(startDate!.getTime());
  });

  it('gives it a name, and an empty object, where there is none', async () => {
    const { executionArn } = await startNamed(await aMachine(client, PASS));

    const { name, input } = await client.send(new DescribeExecutionCommand({ executionArn }));

    expect([name, input]).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), '{}']);
  });

  it('returns the one that runs, for its name and its input', async () => {
    const stateMachineArn = await aMachine(client, LONG);
    const first = await startNamed(stateMachineArn, 'same', '{"a":1}');
    const second = await startNamed(stateMachineArn, 'same', '{"a":1}');

    expect([second.executionArn, second.startDate]).toEqual([first.executionArn, first.startDate]);
    await expect(startNamed(stateMachineArn, 'same', '{}')).rejects.toMatchObject(named('ExecutionAlreadyExists'));
    await stop(first.executionArn!);
    await expect(startNamed(stateMachineArn, 'same', '{"a":1}')).rejects.toMatchObject(named('ExecutionAlreadyExists'));
  });

  it.each([
    ['what is no JSON', '{', 'InvalidExecutionInput'],
    ['nothing at all', '', 'InvalidExecutionInput'],
    ['more than 256 KiB', JSON.stringify('ä'.repeat(131_072)), 'ValidationException'],
  ])('refuses %s as its input', async (_, input, error) => {
    const stateMachineArn = await aMachine(client, PASS);

    await expect(startNamed(stateMachineArn, undefined, input)).rejects.toMatchObject(named(error));
  });

  it.each(['with space', 'a/b', 'a:b', 'a#b', 'a*', 'x'.repeat(81)])('refuses %s as its name', async (name) => {
    const stateMachineArn = await aMachine(client, PASS);

    await expect(startNamed(stateMachineArn, name)).rejects.toMatchObject(named('InvalidName'));
  });

  it('refuses a state machine that is not there, and what is no ARN of one', async () => {
    const gone = `${await aMachine(client, PASS)}-gone`;

    await expect(startNamed(gone)).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${gone}'`,
    });
    await expect(startNamed('training')).rejects.toMatchObject(named('InvalidArn'));
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_StopExecution.html
describe('StopExecution', () => {
  it('ends the execution with what it was told', async () => {
    const executionArn = await start(client, LONG);
    const { stopDate } = await stop(executionArn, { error: 'Obsolete', cause: 'newer data came' });

    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      ...{ status: 'ABORTED', error: 'Obsolete', cause: 'newer data came', stopDate },
      redriveStatus: 'REDRIVABLE',
    });
    // as AWS was recorded (LocalStack's snapshot of test_stop_execution)
    expect((await historyOf(client, executionArn)).map(({ type, previousEventId }) => [type, previousEventId])).toEqual(
      [
        ['ExecutionStarted', 0],
        ['WaitStateEntered', 0],
        ['ExecutionAborted', 0],
      ],
    );
  });

  it('leaves one that has ended as it is', async () => {
    const executionArn = await start(client, PASS);
    const { status } = await ending(client, executionArn);

    await stop(executionArn, { error: 'Late' });

    expect([status, (await ending(client, executionArn)).status]).toEqual(['SUCCEEDED', 'SUCCEEDED']);
  });

  it('refuses an execution that is not there', async () => {
    const executionArn = `${(await start(client, PASS)).slice(0, -1)}-gone`;

    await expect(stop(executionArn)).rejects.toMatchObject(named('ExecutionDoesNotExist'));
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_ListExecutions.html
describe('ListExecutions', () => {
  it('lists the newest first, page by page', async () => {
    const stateMachineArn = await aMachine(client, PASS);
    for (const name of ['a', 'b', 'c']) await ending(client, (await startNamed(stateMachineArn, name)).executionArn!);
    const list = (nextToken?: string) =>
      client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken }));

    const first = await list();
    const second = await list(first.nextToken);

    expect(first.executions!.map(({ name }) => name)).toEqual(['c', 'b']);
    expect([second.executions!.map(({ name }) => name), second.nextToken]).toEqual([['a'], undefined]);
    expect(second.executions![0]).toMatchObject({ stateMachineArn, status: 'SUCCEEDED', redriveCount: 0 });
  });

  it('lists those of a status alone', async () => {
    const stateMachineArn = await aMachine(client, LONG);
    await startNamed(stateMachineArn, 'runs');
    await stop((await startNamed(stateMachineArn, 'stopped')).executionArn!);
    const list = (statusFilter: 'RUNNING' | 'ABORTED') =>
      client.send(new ListExecutionsCommand({ stateMachineArn, statusFilter }));

    expect((await list('RUNNING')).executions!.map(({ name }) => name)).toEqual(['runs']);
    expect((await list('ABORTED')).executions!.map(({ name }) => name)).toEqual(['stopped']);
  });

  it.each([
    [{ maxResults: 1001 }, 'ValidationException'],
    [{ nextToken: 'mine' }, 'InvalidToken'],
    [{ statusFilter: 'LOST' }, 'ValidationException'],
  ])('refuses %j', async (over, error) => {
    const list = new ListExecutionsCommand({ stateMachineArn: await aMachine(client, PASS), ...(over as object) });

    await expect(client.send(list)).rejects.toMatchObject(named(error));
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetExecutionHistory.html
describe('GetExecutionHistory', () => {
  it('tells each state as it was entered and left', async () => {
    const executionArn = await start(client, aChain({ Type: 'Pass', Result: { Arg1: 'argument1' } }));
    await ending(client, executionArn);

    // as AWS was recorded (LocalStack's snapshot of test_create_start_execution)
    expect(await historyOf(client, executionArn)).toMatchObject([
      {
        ...{ id: 1, previousEventId: 0, type: 'ExecutionStarted' },
        executionStartedEventDetails: { input: '{}', inputDetails: { truncated: false }, roleArn: ROLE },
      },
      {
        ...{ id: 2, previousEventId: 0, type: 'PassStateEntered' },
        stateEnteredEventDetails: { name: 'State1', input: '{}', inputDetails: { truncated: false } },
      },
      {
        ...{ id: 3, previousEventId: 2, type: 'PassStateExited' },
        stateExitedEventDetails: { name: 'State1', output: '{"Arg1":"argument1"}' },
      },
      {
        ...{ id: 4, previousEventId: 3, type: 'ExecutionSucceeded' },
        executionSucceededEventDetails: { output: '{"Arg1":"argument1"}', outputDetails: { truncated: false } },
      },
    ]);
  });

  it('goes page by page, forwards and backwards, with and without data', async () => {
    const executionArn = await start(client, PASS, { a: 1 });
    await ending(client, executionArn);
    const page = (over: object) =>
      client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 3, ...over }));

    const first = await page({});
    const second = await page({ nextToken: first.nextToken });
    const reversed = await page({ reverseOrder: true });
    const last = await page({ reverseOrder: true, nextToken: reversed.nextToken, includeExecutionData: false });

    expect([first, second, reversed, last].map(({ events }) => events!.map(({ id }) => id))).toEqual([
      [1, 2, 3],
      [4],
      [4, 3, 2],
      [1],
    ]);
    expect(last.events![0]!.executionStartedEventDetails).toEqual({ roleArn: ROLE });
  });

  it('refuses an execution that is not there', async () => {
    const history = (executionArn: string) => client.send(new GetExecutionHistoryCommand({ executionArn }));

    await expect(history(`${await start(client, PASS)}-gone`)).rejects.toMatchObject(named('ExecutionDoesNotExist'));
    await expect(history('arn:aws:states')).rejects.toMatchObject(named('InvalidArn'));
  });

  describe.skipIf(isRemote)('of tasks', () => {
    const types = async (definition: object, input: unknown = {}) => {
      const executionArn = await start(client, definition, input);
      await ending(client, executionArn);
      return (await historyOf(client, executionArn)).map(({ type }) => type);
    };

    it('tells a function that was called, and one that failed', async () => {
      services.functions = { good: () => 1, bad: () => namedError('Diverged') };
      const task = (name: string) => ({ Type: 'Task', Resource: functionArn(name) });
      const executionArn = await start(client, aChain(task('good'), task('bad')));
      await ending(client, executionArn);

      const events = await historyOf(client, executionArn);

      expect(events.map(({ type }) => type)).toEqual([
        ...['ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionScheduled', 'LambdaFunctionStarted'],
        ...['LambdaFunctionSucceeded', 'TaskStateExited', 'TaskStateEntered', 'LambdaFunctionScheduled'],
        ...['LambdaFunctionStarted', 'LambdaFunctionFailed', 'ExecutionFailed'],
      ]);
      expect(events[2]!.lambdaFunctionScheduledEventDetails).toMatchObject({
        resource: functionArn('good'),
        input: '{}',
      });
      expect(events[4]!.lambdaFunctionSucceededEventDetails).toMatchObject({ output: '1' });
      expect(events[9]!.lambdaFunctionFailedEventDetails).toMatchObject({ error: 'Diverged' });
    });

    it('tells an integration with its parameters', async () => {
      services.functions = { good: () => 1 };
      const Parameters = { FunctionName: 'good', Payload: { 'a.$': '$.a' } };
      const task = { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', TimeoutSeconds: 5, Parameters };
      const executionArn = await start(client, aChain(task), { a: 1 });
      await ending(client, executionArn);

      const events = await historyOf(client, executionArn);

      expect(events.slice(2, 5)).toMatchObject([
        {
          type: 'TaskScheduled',
          taskScheduledEventDetails: {
            ...{ resourceType: 'lambda', resource: 'invoke', region: 'us-east-1', timeoutInSeconds: 5 },
            parameters: '{"FunctionName":"good","Payload":{"a":1}}',
          },
        },
        { type: 'TaskStarted', taskStartedEventDetails: { resourceType: 'lambda', resource: 'invoke' } },
        { type: 'TaskSucceeded', taskSucceededEventDetails: { output: expect.stringContaining('"Payload":1') } },
      ]);
    });

    it('tells a map item by item', async () => {
      const map = { Type: 'Map', MaxConcurrency: 1, ItemProcessor: aBranch('Item', { Type: 'Pass' }) };

      const item = ['MapIterationStarted', 'PassStateEntered', 'PassStateExited', 'MapIterationSucceeded'];
      expect(await types(aChain(map), [1, 2])).toEqual([
        ...['ExecutionStarted', 'MapStateEntered', 'MapStateStarted', ...item, ...item],
        ...['MapStateSucceeded', 'MapStateExited', 'ExecutionSucceeded'],
      ]);
    });

    it('tells the branches of a parallel state', async () => {
      const parallel = { Type: 'Parallel', Branches: [aBranch('A', { Type: 'Pass' })] };

      expect(await types(aChain(parallel))).toEqual([
        ...['ExecutionStarted', 'ParallelStateEntered', 'ParallelStateStarted', 'PassStateEntered', 'PassStateExited'],
        ...['ParallelStateSucceeded', 'ParallelStateExited', 'ExecutionSucceeded'],
      ]);
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/redrive-executions.html
describe.skipIf(isRemote)('RedriveExecution', () => {
  it('goes on from the state that failed', async () => {
    const calls: string[] = [];
    let isBroken = true;
    services.functions = {
      snapshot: () => calls.push('snapshot'),
      train: () => {
        calls.push('train');
        return isBroken ? namedError('Diverged') : 'trained';
      },
    };
    const task = (name: string) => ({ Type: 'Task', Resource: functionArn(name) });
    const executionArn = await start(client, aChain(task('snapshot'), task('train')));
    const { status } = await ending(client, executionArn);
    isBroken = false;

    await client.send(new RedriveExecutionCommand({ executionArn }));

    expect([status, (await ending(client, executionArn)).output]).toEqual(['FAILED', 'trained']);
    expect(calls).toEqual(['snapshot', 'train', 'train']);
    const types = (await historyOf(client, executionArn)).map(({ type }) => type);
    expect(types.slice(types.indexOf('ExecutionFailed'))).toEqual([
      ...['ExecutionFailed', 'ExecutionRedriven', 'LambdaFunctionScheduled', 'LambdaFunctionStarted'],
      ...['LambdaFunctionSucceeded', 'TaskStateExited', 'ExecutionSucceeded'],
    ]);
    const { redriveCount } = await client.send(new DescribeExecutionCommand({ executionArn }));
    expect(redriveCount).toBe(1);
  });

  it('refuses an execution that succeeded', async () => {
    const executionArn = await start(client, PASS);
    await ending(client, executionArn);

    const redrive = client.send(new RedriveExecutionCommand({ executionArn }));

    await expect(redrive).rejects.toMatchObject(named('ExecutionNotRedrivable'));
  });
});

// https://docs.aws.amazon.com/step-functions/latest/apireference/API_CreateStateMachine.html
describe('a state machine', () => {
  it('is described as it was created, for an execution too', async () => {
    const stateMachineArn = await aMachine(client, PASS);
    const { executionArn } = await startNamed(stateMachineArn);

    const description = await client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    const then = await client.send(new DescribeStateMachineForExecutionCommand({ executionArn }));

    const facts = { stateMachineArn, definition: JSON.stringify(PASS), roleArn: ROLE };
    expect(description).toMatchObject({ ...facts, type: 'STANDARD', status: 'ACTIVE' });
    expect(then).toMatchObject(facts);
  });

  it('is listed, page by page', async () => {
    const arns = [await aMachine(client, PASS), await aMachine(client, PASS)];

    const listed: string[] = [];
    let nextToken: string | undefined;
    do {
      const page = await client.send(new ListStateMachinesCommand({ maxResults: 5, nextToken }));
      listed.push(...page.stateMachines!.map(({ stateMachineArn }) => stateMachineArn!));
      nextToken = page.nextToken;
    } while (nextToken);

    expect(listed).toEqual(expect.arrayContaining(arns));
    expect(new Set(listed).size).toBe(listed.length);
  });

  it('may be created twice the same, not another under its name', async () => {
    const create = (definition: object, name: string) =>
      client.send(new CreateStateMachineCommand({ name, roleArn: ROLE, definition: JSON.stringify(definition) }));
    const name = `conformance-${randomUUID()}`;
    const first = await create(PASS, name);

    expect((await create(PASS, name)).stateMachineArn).toBe(first.stateMachineArn);
    await expect(create(LONG, name)).rejects.toMatchObject(named('StateMachineAlreadyExists'));
    await expect(create(PASS, 'a b')).rejects.toMatchObject(named('InvalidName'));
  });

  it.each([
    ['no JSON', '{'],
    ['no states', '{"StartAt":"A"}'],
    ['a start that is not there', JSON.stringify({ ...PASS, StartAt: 'Elsewhere' })],
    ['a next state that is not there', JSON.stringify({ StartAt: 'A', States: { A: { Type: 'Pass', Next: 'B' } } })],
    ['an unknown type', JSON.stringify(aChain({ Type: 'Loop' }))],
  ])('is refused with %s', async (_, definition) => {
    const create = new CreateStateMachineCommand({ name: `conformance-${randomUUID()}`, roleArn: ROLE, definition });

    await expect(client.send(create)).rejects.toMatchObject(named('InvalidDefinition'));
  });

  const aTask = (Resource: string) => aChain({ Type: 'Task', Resource, Parameters: {} });
  const aMap = (over: object) => aChain({ Type: 'Map', ItemProcessor: aBranch('Item', { Type: 'Pass' }), ...over });

  it.skipIf(isRemote).each([
    ['JSONata', { ...PASS, QueryLanguage: 'JSONata' }],
    ['JSONata', aChain({ Type: 'Pass', QueryLanguage: 'JSONata' })],
    ['JSONata', aMap({ ItemProcessor: aBranch('Item', { Type: 'Pass', QueryLanguage: 'JSONata' }) })],
    ['variables', aChain({ Type: 'Pass', Assign: { a: 1 } })],
    [
      'a distributed map',
      aMap({
        ItemProcessor: {
          ...aBranch('I', { Type: 'Pass' }),
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
        },
      }),
    ],
    ['ItemReader', aMap({ ItemReader: { Resource: 'arn:aws:states:::s3:getObject' } })],
    ['ToleratedFailurePercentage', aMap({ ToleratedFailurePercentage: 10 })],
    ['arn:aws:states:::aws-sdk:s3:getObject', aTask('arn:aws:states:::aws-sdk:s3:getObject')],
    ['arn:aws:states:::states:startExecution', aTask('arn:aws:states:::states:startExecution')],
    ['arn:aws:states:::dynamodb:putItem.waitForTaskToken', aTask('arn:aws:states:::dynamodb:putItem.waitForTaskToken')],
  ])('is refused by name where it asks for %s, which is not emulated', async (what, definition) => {
    await expect(aMachine(client, definition)).rejects.toMatchObject({
      name: 'InvalidDefinition',
      message: expect.stringContaining(what),
    });
  });

  it.skipIf(isRemote)('that never ends by itself ends with its history', async () => {
    const loop = {
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Next: 'B' },
        B: { Type: 'Choice', Choices: [{ Variable: '$.on', BooleanEquals: true, Next: 'A' }], Default: 'C' },
        C: { Type: 'Succeed' },
      },
    };

    const { status, cause } = await run(client, loop, { on: true });

    expect([status, cause]).toEqual(['FAILED', expect.stringContaining('25000')]);
  });
});
