import type { Closers } from './closers.ts';
import type { CloudWatchService } from './cloudwatch/index.ts';
import type { CodeDelivery, CognitoService, InvokeTrigger } from './cognito/index.ts';
import type { DataFolder } from './data-folder.ts';
import type { DynamoDbService } from './dynamodb/index.ts';
import type { EventBridgeService, RuleTarget } from './eventbridge/index.ts';
import { FunctionLogs } from './function-logs.ts';
import { type Iam, type Principal, roleSession, servicePrincipal } from './iam/index.ts';
import type { LambdaService, LogRecord } from './lambda/index.ts';
import type { Destination, S3Event, S3Service } from './s3/index.ts';
import type { SchedulerService, ScheduleTarget } from './scheduler/index.ts';
import type { Service } from './service.ts';
import { serviceCalls } from './service-calls.ts';
import type { SqsService } from './sqs/index.ts';
import type { StepFunctionsService } from './stepfunctions/index.ts';

/** Every emulated service. */
export interface LocalServices {
  readonly s3: S3Service;
  readonly sqs: SqsService;
  readonly dynamodb: DynamoDbService;
  readonly cognito: CognitoService;
  readonly cloudwatch: CloudWatchService;
  readonly eventbridge: EventBridgeService;
  readonly lambda: LambdaService;
  readonly stepfunctions: StepFunctionsService;
  readonly scheduler: SchedulerService;
}

export type ServiceName = keyof LocalServices;
type Stores = Omit<LocalServices, 'lambda' | 'stepfunctions' | 'scheduler'>;

export interface ServicesOptions {
  readonly data: Pick<DataFolder, 'folder'>;
  readonly iam: Iam;
  /** Told of each service as it starts, so that it is closed even when a later one fails. */
  readonly closers: Closers;
  /** Each line that a function writes; they are kept in the data folder too. */
  readonly onLog?: ((record: LogRecord) => void) | undefined;
  /** Each code that Cognito would send by e-mail or SMS. */
  readonly onCode?: ((delivery: CodeDelivery) => void) | undefined;
  /** Where buckets send their events. */
  readonly onEvent: (destination: Destination, event: S3Event) => void | Promise<void>;
  /** Where rules of EventBridge send theirs. */
  readonly onBusEvent: (target: RuleTarget, event: unknown, ruleArn: string) => Promise<void>;
  /** Where schedules send what they have. */
  readonly onSchedule: (target: ScheduleTarget, input: unknown, scheduleArn: string) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Starts all services. Those that act come last and go first: functions, what calls them, what starts that. */
export async function startServices(options: ServicesOptions): Promise<LocalServices> {
  let lambda: LambdaService | undefined;
  const invokeTrigger: InvokeTrigger = async (functionArn, event, poolArn) => {
    const caller = servicePrincipal('cognito-idp.amazonaws.com', poolArn);
    const { functionError, payload } = await lambda!.invoke(functionArn, event, { caller });
    const answer = payload && JSON.parse(payload);
    if (functionError) throw new Error(answer.errorMessage);
    return answer;
  };
  const stores = await startStores(options, invokeTrigger);
  const endpoints = endpointVariables(stores);
  lambda = await startFunctions(options, stores, endpoints);
  const stepfunctions = await startWorkflows(options, { ...stores, lambda });
  const scheduler = await startSchedules(options);
  Object.assign(endpoints, endpointVariables({ lambda, stepfunctions, scheduler }));
  return { ...stores, lambda, stepfunctions, scheduler };
}

/** All at once, each loaded only now: most of the time goes into loading. */
async function startStores(
  { data, iam, closers, onEvent, onBusEvent, onFault, onCode = () => {} }: ServicesOptions,
  invokeLambda: InvokeTrigger,
): Promise<Stores> {
  const started = async <T extends Service>(starting: Promise<T>): Promise<T> => {
    const service = await starting;
    closers.add(() => service.close());
    return service;
  };
  const options = (name: ServiceName) => ({ dir: data.folder(name), iam, onFault });
  const starting = [
    started(import('./s3/index.ts').then(({ startS3 }) => startS3({ ...options('s3'), onEvent }))),
    started(import('./sqs/index.ts').then(({ startSqs }) => startSqs(options('sqs')))),
    started(import('./dynamodb/index.ts').then(({ startDynamoDb }) => startDynamoDb(options('dynamodb')))),
    started(
      import('./cognito/index.ts').then(({ startCognito }) =>
        startCognito({ ...options('cognito'), invokeLambda, onCode }),
      ),
    ),
    started(import('./cloudwatch/index.ts').then(({ startCloudWatch }) => startCloudWatch(options('cloudwatch')))),
    started(
      import('./eventbridge/index.ts').then(({ startEventBridge }) =>
        startEventBridge({ iam, onEvent: onBusEvent, onFault }),
      ),
    ),
  ] as const;
  await Promise.allSettled(starting); // those that start are known to the closers before one that failed is heard of
  const [s3, sqs, dynamodb, cognito, cloudwatch, eventbridge] = await Promise.all(starting);
  return { s3, sqs, dynamodb, cognito, cloudwatch, eventbridge };
}

async function startFunctions(
  options: ServicesOptions,
  stores: Stores,
  endpoints: Readonly<Record<string, string>>,
): Promise<LambdaService> {
  const { data, iam, closers, onFault, onLog } = options;
  const { startLambda } = await import('./lambda/index.ts');
  const logs = new FunctionLogs(data.folder('logs'));
  closers.add(() => logs.close());
  const lambda = await startLambda({
    iam,
    endpoints,
    onFault,
    onMetric: ({ namespace, ...metric }) => stores.cloudwatch.record(namespace, metric),
    onLog: (record) => {
      logs.append(record.functionName, record.line);
      stores.cloudwatch.ingestEmf(record.line);
      onLog?.(record);
    },
  });
  closers.add(() => lambda.close());
  return lambda;
}

/** What Step Functions calls the session in which it runs the tasks of a state machine. */
const TASK_SESSION = 'states';

async function startWorkflows(
  { data, iam, closers, onFault }: ServicesOptions,
  services: Stores & Pick<LocalServices, 'lambda'>,
): Promise<StepFunctionsService> {
  const { startStepFunctions } = await import('./stepfunctions/index.ts');
  const { cloudwatch, eventbridge, lambda } = services;
  const call = serviceCalls(services, iam.keys);
  const callerOf = (roleArn: string): Principal => roleSession(roleArn, TASK_SESSION);
  const stepfunctions = await startStepFunctions({
    dir: data.folder('stepfunctions'),
    iam,
    services: {
      invokeFunction: ({ functionName, payload, type, roleArn }) =>
        lambda.invoke(functionName, payload, { type, caller: callerOf(roleArn) }),
      callService: ({ roleArn, ...request }) => call(request, callerOf(roleArn)),
    },
    onMetric: ({ namespace, ...metric }) => cloudwatch.record(namespace, metric),
    onStatusChange: (event) => eventbridge.publish(event),
    onFault,
  });
  closers.add(() => stepfunctions.close());
  return stepfunctions;
}

async function startSchedules({ iam, closers, onSchedule, onFault }: ServicesOptions): Promise<SchedulerService> {
  const { startScheduler } = await import('./scheduler/index.ts');
  const scheduler = await startScheduler({ iam, onInvoke: onSchedule, onFault });
  closers.add(() => scheduler.close());
  return scheduler;
}

/** As the SDK looks for them. */
const ENDPOINT_VARIABLES: Readonly<Record<ServiceName, string>> = {
  s3: 'AWS_ENDPOINT_URL_S3',
  sqs: 'AWS_ENDPOINT_URL_SQS',
  dynamodb: 'AWS_ENDPOINT_URL_DYNAMODB',
  cognito: 'AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER',
  cloudwatch: 'AWS_ENDPOINT_URL_CLOUDWATCH',
  eventbridge: 'AWS_ENDPOINT_URL_EVENTBRIDGE',
  lambda: 'AWS_ENDPOINT_URL_LAMBDA',
  stepfunctions: 'AWS_ENDPOINT_URL_SFN',
  scheduler: 'AWS_ENDPOINT_URL_SCHEDULER',
};

const endpointVariables = (services: Partial<LocalServices>): Record<string, string> =>
  Object.fromEntries(Object.entries(services).map(([name, { url }]) => [ENDPOINT_VARIABLES[name as ServiceName], url]));

/** Where each service is reached. */
export const endpointsOf = (services: LocalServices): Record<ServiceName, string> =>
  Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url])) as Record<ServiceName, string>;
