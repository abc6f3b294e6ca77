import type { Closers } from './closers.ts';
import type { CloudWatchService } from './cloudwatch/index.ts';
import type { CodeDelivery, CognitoService } from './cognito/index.ts';
import type { DataFolder } from './data-folder.ts';
import type { DynamoDbService } from './dynamodb/index.ts';
import type { EventBridgeService, RuleTarget } from './eventbridge/index.ts';
import { FunctionLogs } from './function-logs.ts';
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
  const invokeTrigger = async (functionArn: string, event: unknown): Promise<unknown> => {
    const { functionError, payload } = await lambda!.invoke(functionArn, event);
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
  { data, closers, onEvent, onBusEvent, onFault, onCode = () => {} }: ServicesOptions,
  invokeLambda: (functionArn: string, event: unknown) => Promise<unknown>,
): Promise<Stores> {
  const started = async <T extends Service>(starting: Promise<T>): Promise<T> => {
    const service = await starting;
    closers.add(() => service.close());
    return service;
  };
  const options = (name: ServiceName) => ({ dir: data.folder(name), onFault });
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
        startEventBridge({ onEvent: onBusEvent, onFault }),
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
  const { data, closers, onFault, onLog } = options;
  const { startLambda } = await import('./lambda/index.ts');
  const logs = new FunctionLogs(data.folder('logs'));
  closers.add(() => logs.close());
  const lambda = await startLambda({
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

async function startWorkflows(
  { data, closers, onFault }: ServicesOptions,
  services: Stores & Pick<LocalServices, 'lambda'>,
): Promise<StepFunctionsService> {
  const { startStepFunctions } = await import('./stepfunctions/index.ts');
  const { cloudwatch, eventbridge, lambda } = services;
  const stepfunctions = await startStepFunctions({
    dir: data.folder('stepfunctions'),
    services: {
      invokeFunction: ({ functionName, payload, type }) => lambda.invoke(functionName, payload, { type }),
      callService: serviceCalls(services),
    },
    onMetric: ({ namespace, ...metric }) => cloudwatch.record(namespace, metric),
    onStatusChange: (event) => eventbridge.publish(event),
    onFault,
  });
  closers.add(() => stepfunctions.close());
  return stepfunctions;
}

async function startSchedules({ closers, onSchedule, onFault }: ServicesOptions): Promise<SchedulerService> {
  const { startScheduler } = await import('./scheduler/index.ts');
  const scheduler = await startScheduler({ onInvoke: onSchedule, onFault });
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
