import { Closers } from './closers.ts';
import type { CodeDelivery } from './cognito/index.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { EventDelivery, type EventSource } from './event-delivery.ts';
import { startGateway } from './gateway.ts';
import type { RequestFacts } from './http-api/index.ts';
import { Iam, type Refusal, roleSession } from './iam/index.ts';
import type { LogRecord } from './lambda/index.ts';
import { freePort } from './port.ts';
import type { OnEvent } from './s3/index.ts';
import { serviceCalls } from './service-calls.ts';
import { endpointsOf, type ServiceName, startServices } from './services.ts';
import { SqsClients } from './sqs-clients.ts';
import { TargetDelivery } from './target-delivery.ts';
import type { Target } from './targets.ts';
import { applyTemplate, preload } from './template/apply.ts';
import { readAssembly } from './template/assembly.ts';
import { Declarations, type Outputs } from './template/declarations.ts';
import { startMappings } from './template/event-source-mappings.ts';
import { functionNamed, roleOf } from './template/function-roles.ts';
import { type PasswordClient, passwordClient } from './template/user-pools.ts';
import { systemTimer } from './timer.ts';

export interface LocalCloudOptions {
  /** The cloud assembly that `cdk synth` wrote, or what makes one: that runs while the services start. */
  readonly assemblyDir: string | (() => Promise<string>);
  /** Outlives the local cloud; made where it is missing. */
  readonly dataDir: string;
  /** Forgets what the data folder holds. @default false */
  readonly fresh?: boolean | undefined;
  /** The folder whose node_modules stand in for those that an image has. */
  readonly projectDir: string;
  /** Of the HTTP API. @default 0 - a free one */
  readonly port?: number | undefined;
  readonly onRequest?: ((facts: RequestFacts) => void) | undefined;
  /** Each line that a function writes; `logs/` in the data folder keeps them too. */
  readonly onLog?: ((record: LogRecord) => void) | undefined;
  /** Each code that Cognito would send by e-mail or SMS: confirmation codes, temporary passwords. */
  readonly onCode?: ((delivery: CodeDelivery) => void) | undefined;
  /** Each call that no policy allows, or that one denies. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
  /** Faults of the emulators themselves. */
  readonly onFault: (error: unknown) => void;
  /** Told when a step of the start is done. */
  readonly onStep?: ((step: string) => void) | undefined;
}

export interface LocalCloud {
  readonly apiUrl: string;
  readonly dataDir: string;
  readonly outputs: Outputs;
  readonly endpoints: Readonly<Record<ServiceName, string>>;
  /** Who may do what. */
  readonly iam: Iam;
  /** Through which a person signs in with a password; absent where the template has no such client. */
  readonly passwordClient: PasswordClient | undefined;
  /** Lets requests in flight end, for a moment, then stops everything. Safe to call twice. */
  close(): Promise<void>;
}

/**
 * Boots a cloud assembly: what its templates declare exists afterwards, on 127.0.0.1, and nothing else does.
 * @throws {LocalCloudError} for what a person can put right; whatever was started is stopped again
 */
export async function bootLocalCloud(options: LocalCloudOptions): Promise<LocalCloud> {
  const closers = new Closers();
  try {
    return await boot(options, closers);
  } catch (error) {
    await closers.close();
    throw error;
  }
}

async function boot(options: LocalCloudOptions, closers: Closers): Promise<LocalCloud> {
  const { projectDir, onStep = () => {} } = options;
  const data = openDataFolder(options.dataDir, { fresh: options.fresh });
  closers.add(() => data.release());
  const port = await freePort(options.port ?? 0);
  const apiUrl = `http://127.0.0.1:${port}`;
  const [{ iam, services, sqs }, assemblyDir] = await settled([
    startAll(data, options, closers),
    makeAssembly(options),
  ]);

  const addresses = { sqs: services.sqs.url, api: apiUrl };
  const declarations = new Declarations(readAssembly(assemblyDir), addresses);
  await applyTemplate(declarations, services, { projectDir, iam });
  onStep('resources');
  await startGateway({ ...options, declarations, services, port, closers });
  const mappings = declarations.of('AWS::Lambda::EventSourceMapping');
  const sqsOf = (name: string) =>
    sqs.of(roleSession(roleOf(functionNamed(name, declarations)), 'event-source-mapping'));
  closers.add(startMappings(mappings, { ...services, sqsOf, sqsUrl: services.sqs.url, onFault: options.onFault }));
  onStep('gateway');
  return {
    apiUrl,
    dataDir: data.path,
    outputs: declarations.outputs(),
    endpoints: endpointsOf(services),
    iam,
    passwordClient: passwordClient(declarations.of('AWS::Cognito::UserPoolClient')),
    close: () => closers.close(),
  };
}

async function startAll(data: DataFolder, options: LocalCloudOptions, closers: Closers) {
  const { onLog, onCode, onFault, onStep = () => {} } = options;
  const iam = await Iam.load(options);
  let delivery: EventDelivery | undefined;
  let targets: TargetDelivery | undefined;
  const onEvent: OnEvent = (destination, event) => {
    const { arn } = event.Records[0]!.s3.bucket;
    return delivery?.deliver({ Arn: destination.arn }, event, { service: 's3.amazonaws.com', arn });
  };
  const toTargetOf = (service: EventSource['service']) => async (target: Target, event: unknown, arn: string) =>
    targets?.deliver(target, event, { service, arn });
  const onBusEvent = toTargetOf('events.amazonaws.com');
  const onSchedule = toTargetOf('scheduler.amazonaws.com');
  const handlers = { onLog, onCode, onFault, onEvent, onBusEvent, onSchedule };
  const services = await startServices({ data, iam, closers, ...handlers });
  onStep('services');
  await preload();
  const sqs = await SqsClients.load({ url: services.sqs.url, keys: iam.keys, closers });
  delivery = new EventDelivery(services, { call: serviceCalls(services, iam.keys), iam });
  targets = new TargetDelivery(delivery, systemTimer);
  closers.add(() => targets?.close());
  return { iam, services, sqs };
}

async function makeAssembly({ assemblyDir, onStep = () => {} }: LocalCloudOptions): Promise<string> {
  if (typeof assemblyDir === 'string') return assemblyDir;
  const directory = await assemblyDir();
  onStep('synthesis');
  return directory;
}

/** Waits for both, also where one fails: what starts after that would never be stopped. */
async function settled<A, B>(promises: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
