import type { Closers } from './closers.ts';
import type { CloudWatchService } from './cloudwatch/index.ts';
import type { CodeDelivery, CognitoService } from './cognito/index.ts';
import type { DataFolder } from './data-folder.ts';
import type { DynamoDbService } from './dynamodb/index.ts';
import type { EventBridgeService, Target } from './eventbridge/index.ts';
import { FunctionLogs } from './function-logs.ts';
import type { LambdaService, LogRecord } from './lambda/index.ts';
import type { Destination, S3Event, S3Service } from './s3/index.ts';
import type { Service } from './service.ts';
import type { SqsService } from './sqs/index.ts';

/** Every emulated service. */
export interface LocalServices {
  readonly s3: S3Service;
  readonly sqs: SqsService;
  readonly dynamodb: DynamoDbService;
  readonly cognito: CognitoService;
  readonly cloudwatch: CloudWatchService;
  readonly eventbridge: EventBridgeService;
  readonly lambda: LambdaService;
}

export type ServiceName = keyof LocalServices;
type Stores = Omit<LocalServices, 'lambda'>;

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
  readonly onBusEvent: (target: Target, event: unknown) => Promise<void>;
  readonly onFault: (error: unknown) => void;
}

/** Starts all services. Lambda comes last and goes first: its functions use the others. */
export async function startServices(options: ServicesOptions): Promise<LocalServices> {
  let lambda: LambdaService | undefined;
  const invokeTrigger = async (functionArn: string, event: unknown): Promise<unknown> => {
    const { functionError, payload } = await lambda!.invoke(functionArn, event);
    const answer = payload && JSON.parse(payload);
    if (functionError) throw new Error(answer.errorMessage);
    return answer;
  };
  const stores = await startStores(options, invokeTrigger);
  lambda = await startFunctions(options, stores);
  return { ...stores, lambda };
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

async function startFunctions(options: ServicesOptions, stores: Stores): Promise<LambdaService> {
  const { data, closers, onFault, onLog } = options;
  const { startLambda } = await import('./lambda/index.ts');
  const logs = new FunctionLogs(data.folder('logs'));
  closers.add(() => logs.close());
  const endpoints = endpointVariables(stores);
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
  Object.assign(endpoints, endpointVariables({ lambda }));
  return lambda;
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
};

const endpointVariables = (services: Partial<LocalServices>): Record<string, string> =>
  Object.fromEntries(Object.entries(services).map(([name, { url }]) => [ENDPOINT_VARIABLES[name as ServiceName], url]));

/** Where each service is reached. */
export const endpointsOf = (services: LocalServices): Record<ServiceName, string> =>
  Object.fromEntries(Object.entries(services).map(([name, { url }]) => [name, url])) as Record<ServiceName, string>;
