import { lastingRefusals, type TrainingTask, trainingSteps } from '@kilat/contracts';
import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { Grant, type IGrantable, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  type INextable,
  JitterType,
  JsonPath,
  LogLevel,
  Map as MapState,
  QueryLanguage,
  type RetryProps,
  StateMachine,
  Succeed,
  TaskInput,
  Timeout,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { KilatFunction } from './kilat-function.ts';
import type { TrainingJob } from './training-job.ts';

export interface TrainingPipelineProps {
  readonly stage: Stage;
  /** does the steps */
  readonly train: KilatFunction<'train'>;
  /** trains candidates. @default - the function does that too */
  readonly job?: TrainingJob;
}

type Operation = TrainingTask['operation'];

/** Of the execution's input and of what steps before have left: keys and names, never rows. */
const known = {
  run: JsonPath.objectAt('$$.Execution.Input'),
  snapshot: JsonPath.objectAt('$.snapshot'),
};

/** A step that hangs is given up a little after its function would be. */
const STEP_TIMEOUT = Duration.minutes(16);
const RUN_TIMEOUT = Duration.hours(5);

/**
 * The one state machine that trains every model: snapshot, validate, train each candidate, evaluate, register, promote,
 * notify. Whatever fails ends the run's record before it ends the execution.
 */
export class TrainingPipeline extends Construct {
  readonly machine: StateMachine;
  readonly #train: KilatFunction<'train'>;
  readonly #failed: IChainable;

  constructor(scope: Construct, id: string, { stage, train, job }: TrainingPipelineProps) {
    super(scope, id);
    this.#train = train;
    this.#failed = this.#addFailure();
    const role = this.#addRole(job);
    this.machine = new StateMachine(this, 'Machine', {
      definitionBody: DefinitionBody.fromChainable(this.#addSteps(job)),
      role: role.withoutPolicyUpdates(), // the CDK would allow every version of the function
      queryLanguage: QueryLanguage.JSON_PATH,
      comment: `Trains a model: ${trainingSteps.join(', ')}`,
      timeout: RUN_TIMEOUT,
      tracingEnabled: true,
      logs: {
        destination: new LogGroup(this, 'Logs', {
          retention: stage.logRetentionDays,
          removalPolicy: stage.retainData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ALL,
        includeExecutionData: false, // inputs name tenants and users
      },
    });
  }

  /** Allows to start executions. */
  grantStart(grantee: IGrantable): void {
    const resourceArns = [this.machine.stateMachineArn];
    Grant.addToPrincipal({ grantee, actions: ['states:StartExecution'], resourceArns });
  }

  #addSteps(job: TrainingJob | undefined): IChainable {
    const validation = JsonPath.objectAt('$.validation');
    const notify = this.#step('notify', { ...known, validation }, JsonPath.DISCARD).next(new Succeed(this, 'Ended'));
    const learn = this.#candidates(job)
      .next(this.#step('evaluate', { ...known, validation }, JsonPath.DISCARD))
      .next(this.#step('register', known, JsonPath.DISCARD))
      .next(this.#step('promote', known, JsonPath.DISCARD))
      .next(notify);
    return this.#step('snapshot', { run: known.run }, '$.snapshot')
      .next(this.#step('validate', known, '$.validation'))
      .next(
        new Choice(this, 'Is the data as expected?')
          .when(Condition.booleanEquals('$.validation.valid', true), learn)
          .otherwise(notify),
      );
  }

  #candidates(job: TrainingJob | undefined): MapState {
    const train =
      job?.state(this, 'train') ??
      this.#task(
        'train',
        {
          run: JsonPath.objectAt('$.run'),
          snapshot: JsonPath.objectAt('$.snapshot'),
          candidate: JsonPath.objectAt('$.candidate'),
        },
        JsonPath.DISCARD,
      );
    const map = new MapState(this, 'Each candidate', {
      itemsPath: '$.validation.candidates',
      itemSelector: { operation: 'train', ...known, candidate: JsonPath.objectAt('$$.Map.Item.Value') },
      maxConcurrency: 4,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(train);
    return this.#caught(map);
  }

  #step(operation: Operation, payload: Payload, resultPath: string): LambdaInvoke {
    return this.#caught(this.#task(operation, payload, resultPath));
  }

  #task(operation: Operation, payload: Payload, resultPath: string): LambdaInvoke {
    const task = new LambdaInvoke(this, operation, {
      lambdaFunction: this.#train.lambda,
      payload: TaskInput.fromObject({ operation, ...payload }),
      payloadResponseOnly: true,
      resultPath,
      retryOnServiceExceptions: false,
      taskTimeout: Timeout.duration(STEP_TIMEOUT),
    });
    for (const retry of retries) task.addRetry(retry);
    return task;
  }

  #caught<S extends LambdaInvoke | MapState>(state: S): S {
    state.addCatch(this.#failed, { resultPath: '$.error' });
    return state;
  }

  #addRole(job: TrainingJob | undefined): Role {
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.#train.grantInvoke(role);
    job?.grantRun(role);
    for (const actions of [traces, logDelivery]) {
      Grant.addToPrincipal({ grantee: role, actions: [...actions], resourceArns: ['*'] });
    }
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'logs are delivered, and traces taken, for no resource that could be named',
    });
    return role;
  }

  /** Writes down why, and ends the execution as failed. */
  #addFailure(): IChainable & INextable {
    const payload = { run: known.run, error: JsonPath.objectAt('$.error') };
    const failed = new Fail(this, 'Failed', { errorPath: '$.error.Error', causePath: '$.error.Cause' });
    return this.#task('fail', payload, JsonPath.DISCARD).next(failed) as IChainable & INextable;
  }
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/xray-iam.html */
const traces = ['PutTraceSegments', 'PutTelemetryRecords', 'GetSamplingRules', 'GetSamplingTargets'].map(
  (operation) => `xray:${operation}`,
);

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-iam-policy */
const logDelivery = [
  ...['CreateLogDelivery', 'GetLogDelivery', 'UpdateLogDelivery', 'DeleteLogDelivery', 'ListLogDeliveries'],
  ...['PutResourcePolicy', 'DescribeResourcePolicies', 'DescribeLogGroups'],
].map((operation) => `logs:${operation}`);

type Payload = Readonly<Record<string, unknown>>;

/** What a refusal says will be said again; anything else may pass: three more tries over about half a minute. */
const retries: readonly RetryProps[] = [
  { errors: [...lastingRefusals], maxAttempts: 0 },
  {
    errors: ['States.ALL'],
    interval: Duration.seconds(2),
    maxAttempts: 3,
    backoffRate: 2.5,
    maxDelay: Duration.seconds(30),
    jitterStrategy: JitterType.FULL,
  },
];
