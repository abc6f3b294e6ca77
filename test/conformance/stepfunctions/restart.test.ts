import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type StatesMetric,
  type StatusEvent,
  type StepFunctionsService,
  startStepFunctions,
} from '../../../local/stepfunctions/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { ManualTimer } from '../../support/manual-timer.ts';
import {
  aChain,
  aMachine,
  ending,
  functionArn,
  historyOf,
  namedError,
  PATIENCE,
  run,
  StubServices,
  start,
} from './machine-fixtures.ts';

const DAY_MS = 24 * 3_600_000;
const task = (name: string) => ({ Type: 'Task', Resource: functionArn(name) });

describe.skipIf(isRemote)('Step Functions of one process', () => {
  let dir: string;
  let timer: ManualTimer;
  let services: StubServices;
  let service: StepFunctionsService;
  let client: SFNClient;
  let metrics: StatesMetric[];
  let events: StatusEvent[];

  const boot = async () => {
    service = await startStepFunctions({
      ...{ dir, timer, services },
      onMetric: (metric) => metrics.push(metric),
      onStatusChange: (event) => events.push(event),
    });
    client = new SFNClient(clientConfig(service.url));
  };
  const stop = async () => {
    client.destroy();
    await service.close();
  };
  const restart = async () => {
    await stop();
    await boot();
    service.resume();
  };
  const called = (name: string) =>
    vi.waitUntil(() => services.functionCalls.some(({ functionName }) => functionName === functionArn(name)), PATIENCE);

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kilat-stepfunctions-'));
    timer = new ManualTimer();
    services = new StubServices();
    [metrics, events] = [[], []];
    await boot();
  });

  afterEach(async () => {
    await stop();
    await rm(dir, { recursive: true });
  });

  it('has its state machines, executions and histories after a restart', async () => {
    const executionArn = await start(client, aChain({ Type: 'Pass', Result: 1 }));
    await ending(client, executionArn);
    const history = await historyOf(client, executionArn);

    await restart();

    expect(await ending(client, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: 1 });
    expect(await historyOf(client, executionArn)).toEqual(history);
  });

  it('goes on with an execution from the state that it was at, and calls what came before no second time', async () => {
    services.functions = { snapshot: () => ({ rows: 3 }), train: () => new Promise(() => {}) };
    const executionArn = await start(client, aChain(task('snapshot'), task('train')));
    await called('train');

    services.functions.train = (payload) => payload;
    await restart();

    expect(await ending(client, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { rows: 3 } });
    expect(services.functionCalls.map(({ functionName }) => functionName.split(':').at(-1))).toEqual([
      ...['snapshot', 'train', 'train'],
    ]);
    const types = (await historyOf(client, executionArn)).map(({ type }) => type);
    expect(types.slice(-7)).toEqual([
      ...['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionScheduled', 'LambdaFunctionStarted'],
      ...['LambdaFunctionSucceeded', 'TaskStateExited', 'ExecutionSucceeded'],
    ]);
  });

  it('waits no longer for having been restarted', async () => {
    const executionArn = await start(client, aChain({ Type: 'Wait', Seconds: 60 }));
    timer.advance(40_000);
    await restart();

    expect(await timer.toNext()).toBe(20_000);
    expect(await ending(client, executionArn)).toMatchObject({ status: 'SUCCEEDED' });
  });

  it('keeps to the time limit of the machine over a restart', async () => {
    const executionArn = await start(client, { ...aChain({ Type: 'Wait', Seconds: 600 }), TimeoutSeconds: 60 });
    timer.advance(59_000);
    await restart();

    expect(await timer.toNext()).toBe(1000);
    expect(await ending(client, executionArn)).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('goes on with the definition that the execution was started with', async () => {
    const definition = aChain({ Type: 'Wait', Seconds: 60 }, { Type: 'Pass', Result: 'old' });
    const stateMachineArn = await aMachine(client, definition);
    const { executionArn } = await client.send(new StartExecutionCommand({ stateMachineArn }));
    const name = stateMachineArn.split(':').at(-1)!;
    service.ensureStateMachine({ name, definition: JSON.stringify(aChain({ Type: 'Pass' })), roleArn: 'other' });
    await restart();
    await timer.toNext();

    expect((await ending(client, executionArn!)).output).toBe('old');
  });

  it('forgets an execution 90 days after its end, so that its name is free again', async () => {
    const stateMachineArn = await aMachine(client, aChain({ Type: 'Pass' }));
    const begin = () => client.send(new StartExecutionCommand({ stateMachineArn, name: 'weekly' }));
    await ending(client, (await begin()).executionArn!);

    timer.advance(89 * DAY_MS);
    await restart();
    await expect(begin()).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    timer.advance(2 * DAY_MS);
    await restart();

    await expect(begin()).resolves.toBeDefined();
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
  it('measures executions, by their state machine', async () => {
    const executionArn = await start(client, aChain({ Type: 'Wait', Seconds: 3 }));
    await timer.toNext();
    await ending(client, executionArn);
    services.functions.train = () => namedError('Diverged');
    await run(client, aChain(task('train')));

    const StateMachineArn = executionArn.replace(':execution:', ':stateMachine:').split(':').slice(0, -1).join(':');
    expect(metrics.filter(({ dimensions }) => dimensions.StateMachineArn === StateMachineArn)).toMatchObject([
      { namespace: 'AWS/States', metricName: 'ExecutionsStarted', unit: 'Count', value: 1 },
      { metricName: 'ExecutionsSucceeded', unit: 'Count', value: 1 },
      { metricName: 'ExecutionTime', unit: 'Milliseconds', value: 3000 },
    ]);
    expect(metrics.slice(-2).map(({ metricName }) => metricName)).toEqual(['ExecutionsFailed', 'ExecutionTime']);
  });

  // https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html
  it('tells EventBridge of an execution that starts and ends', async () => {
    const startDate = timer.now();
    services.functions.train = () => namedError('Diverged');
    const executionArn = await start(client, aChain(task('train')), { a: 1 });
    await ending(client, executionArn);

    const details = events.map(({ Detail }) => JSON.parse(Detail));
    expect(events[0]).toMatchObject({
      Source: 'aws.states',
      DetailType: 'Step Functions Execution Status Change',
      Resources: [executionArn],
    });
    expect(details).toMatchObject([
      { executionArn, status: 'RUNNING', startDate, stopDate: null, input: '{"a":1}', output: null },
      { status: 'FAILED', error: 'Diverged', stopDate: startDate, output: null, inputDetails: { included: true } },
    ]);
  });
});
