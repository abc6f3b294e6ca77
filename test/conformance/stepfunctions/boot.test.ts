import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { App, aws_apigatewayv2, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { AttributeType, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { EventField, Rule, Schedule as RuleSchedule, RuleTargetInput } from 'aws-cdk-lib/aws-events';
import { SfnStateMachine, SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-scheduler-targets';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { DefinitionBody, JsonPath, Map as MapState, StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { DynamoAttributeValue, DynamoPutItem, LambdaInvoke, SqsSendMessage } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bootLocalCloud, type LocalCloud } from '../../../local/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { projectRoot } from '../../support/shared-data.ts';
import { PATIENCE } from './machine-fixtures.ts';

const TRAIN = `
export const handler = async ({ candidate, run }) => ({ candidate, run, auc: candidate === 'forest' ? 0.9 : 0.8 });
`;

/** A training in small: a map over candidates, a message, an item, and two ways to start it by the clock. */
function synthesise(folder: string, codeDir: string): string {
  const app = new App({ outdir: join(folder, 'cdk.out') });
  const stack = new Stack(app, 'training');
  new aws_apigatewayv2.CfnApi(stack, 'Api', { protocolType: 'HTTP', name: 'api' });
  new aws_apigatewayv2.CfnStage(stack, 'Stage', { apiId: 'api', stageName: '$default' });
  const train = new LambdaFunction(stack, 'Train', {
    runtime: Runtime.NODEJS_24_X,
    handler: 'index.handler',
    code: Code.fromAsset(codeDir),
    // The CDK's own would have a policy of AWS's, whose text no template holds.
    role: new Role(stack, 'TrainRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') }),
  });
  const [trained, ended] = [new Queue(stack, 'Trained'), new Queue(stack, 'Ended')];
  const table = new TableV2(stack, 'Models', { partitionKey: { name: 'pk', type: AttributeType.STRING } });
  const candidates = new MapState(stack, 'Candidates', {
    itemsPath: '$.candidates',
    itemSelector: { 'candidate.$': '$$.Map.Item.Value', 'run.$': '$$.Execution.Name' },
    resultPath: '$.results',
  }).itemProcessor(new LambdaInvoke(stack, 'Fit', { lambdaFunction: train, payloadResponseOnly: true }));
  const register = new DynamoPutItem(stack, 'Register', {
    table,
    item: { pk: DynamoAttributeValue.fromString(JsonPath.stringAt('$.model')) },
    resultPath: JsonPath.DISCARD,
  });
  const notify = new SqsSendMessage(stack, 'Notify', {
    queue: trained,
    messageBody: TaskInput.fromJsonPathAt('$.results'),
    resultPath: JsonPath.DISCARD,
  });
  const machine = new StateMachine(stack, 'Training', {
    definitionBody: DefinitionBody.fromChainable(candidates.next(register).next(notify)),
    timeout: Duration.hours(1),
  });
  new Rule(stack, 'WhenEnded', {
    eventPattern: {
      source: ['aws.states'],
      detail: { stateMachineArn: [machine.stateMachineArn], status: ['SUCCEEDED'] },
    },
    targets: [
      new SqsQueue(ended, { message: RuleTargetInput.fromObject({ run: EventField.fromPath('$.detail.name') }) }),
    ],
  });
  new Rule(stack, 'Nightly', {
    schedule: RuleSchedule.cron({ hour: '3', minute: '0' }),
    targets: [new SfnStateMachine(machine, { input: RuleTargetInput.fromObject({ candidates: [] }) })],
  });
  new Schedule(stack, 'Weekly', {
    schedule: ScheduleExpression.cron({ weekDay: 'SUN', hour: '3', minute: '0' }),
    target: new StepFunctionsStartExecution(machine, {}),
  });
  for (const [name, value] of Object.entries({
    machine: machine.stateMachineArn,
    trained: trained.queueUrl,
    ended: ended.queueUrl,
  })) {
    new CfnOutput(stack, name, { value });
  }
  return app.synth().directory;
}

describe.skipIf(isRemote)('a state machine of a template', () => {
  let folder: string;
  let cloud: LocalCloud;
  let assemblyDir: string;
  const faults: unknown[] = [];

  const boot = () =>
    bootLocalCloud({
      assemblyDir,
      dataDir: join(folder, 'data'),
      projectDir: projectRoot,
      onFault: (error) => faults.push(error),
    });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kilat-boot-'));
    const codeDir = join(folder, 'code');
    await mkdir(codeDir);
    await writeFile(join(codeDir, 'index.mjs'), TRAIN);
    assemblyDir = synthesise(folder, codeDir);
    cloud = await boot();
  });

  afterAll(async () => {
    await cloud?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('runs on functions, tables and queues, and tells EventBridge and CloudWatch', async () => {
    const { machine, trained, ended } = cloud.outputs.training as Record<string, string>;
    const sfn = new SFNClient(clientConfig(cloud.endpoints.stepfunctions));
    const sqs = new SQSClient(clientConfig(cloud.endpoints.sqs));
    const cloudwatch = new CloudWatchClient(clientConfig(cloud.endpoints.cloudwatch));
    const received = (QueueUrl: string | undefined) =>
      vi.waitUntil(async () => {
        const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 5 }));
        return Messages?.[0] && JSON.parse(Messages[0].Body!);
      }, PATIENCE);

    const input = JSON.stringify({ model: 'churn', candidates: ['forest', 'linear'] });
    const name = 'first';
    const { executionArn } = await sfn.send(new StartExecutionCommand({ stateMachineArn: machine, input, name }));

    const results = [
      { candidate: 'forest', run: 'first', auc: 0.9 },
      { candidate: 'linear', run: 'first', auc: 0.8 },
    ];
    expect(await received(trained)).toEqual(results);
    expect(await received(ended)).toEqual({ run: 'first' });
    const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    expect(status).toBe('SUCCEEDED');
    expect(JSON.parse(output!)).toMatchObject({ model: 'churn', results });
    const { Metrics } = await cloudwatch.send(new ListMetricsCommand({ Namespace: 'AWS/States' }));
    expect(Metrics!.map(({ MetricName }) => MetricName).sort()).toEqual([
      'ExecutionTime',
      'ExecutionsStarted',
      'ExecutionsSucceeded',
    ]);
    for (const client of [sfn, sqs, cloudwatch]) client.destroy();
  });

  it('keeps its executions over a restart of the local cloud', async () => {
    const { machine } = cloud.outputs.training as Record<string, string>;
    await cloud.close();
    cloud = await boot();
    const sfn = new SFNClient(clientConfig(cloud.endpoints.stepfunctions));

    const executionArn = `${machine!.replace(':stateMachine:', ':execution:')}:first`;
    expect(await sfn.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({ status: 'SUCCEEDED' });
    sfn.destroy();
    expect(faults).toEqual([]);
  });
});
