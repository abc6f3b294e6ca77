import type { Iam } from '../iam/index.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../service.ts';
import type { LocalServices } from '../services.ts';
import { applyBuckets } from './buckets.ts';
import type { Declarations } from './declarations.ts';
import { assertDeployable } from './deployment-checks.ts';
import { applyEventBuses } from './event-buses.ts';
import { functionPolicy } from './function-permissions.ts';
import { roleOf } from './function-roles.ts';
import { publishedOf } from './function-versions.ts';
import { functionConfiguration } from './functions.ts';
import { applyQueues } from './queues.ts';
import type { Resource } from './resource.ts';
import { rolesOf } from './roles.ts';
import { applySchedules } from './schedules.ts';
import { applyStateMachines } from './state-machines.ts';
import { applyTables } from './tables.ts';
import { applyUserPools } from './user-pools.ts';

const clientConfig = (endpoint: string) => ({ endpoint, region: LOCAL_REGION, credentials: LOCAL_CREDENTIALS });

/** Loads what is needed to apply a template: 0.1 s that need not come after the synthesis. */
export async function preload(): Promise<void> {
  await Promise.all([
    import('@aws-sdk/client-dynamodb'),
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/client-sqs'),
    import('../http-api/index.ts'),
  ]);
}

export interface ApplyOptions {
  /** Whose node_modules stand in for those of images. */
  readonly projectDir: string;
  /** Learns of the roles, and gives the functions their credentials. */
  readonly iam: Iam;
}

/**
 * Brings the services to what the template declares: what is missing is made, what is there is updated in place, and
 * data stays. What the template no longer declares is left alone, as AWS retains it.
 * @throws {ReplacementError} where an update is not possible
 * @throws {TemplateError} for want of a permission without which AWS does not deploy
 */
export async function applyTemplate(
  declarations: Declarations,
  services: LocalServices,
  { projectDir, iam }: ApplyOptions,
): Promise<void> {
  applyRoles(declarations, iam);
  assertDeployable(declarations, iam);
  const sources = { asset: (key: string) => declarations.asset(key), projectDir };
  const permissions = declarations.of('AWS::Lambda::Permission');
  const declared = {
    versions: declarations.of('AWS::Lambda::Version'),
    aliases: declarations.of('AWS::Lambda::Alias'),
  };
  for (const fn of declarations.of('AWS::Lambda::Function')) {
    services.lambda.register({
      ...functionConfiguration(fn, sources),
      ...publishedOf(fn, declared),
      ...functionAccess(fn, permissions, iam),
    });
  }
  applyUserPools(
    {
      pools: declarations.of('AWS::Cognito::UserPool'),
      groups: declarations.of('AWS::Cognito::UserPoolGroup'),
      resourceServers: declarations.of('AWS::Cognito::UserPoolResourceServer'),
      clients: declarations.of('AWS::Cognito::UserPoolClient'),
    },
    services.cognito,
  );
  applyStateMachines(declarations.of('AWS::StepFunctions::StateMachine'), services.stepfunctions);
  await Promise.all([
    applyDeclaredTables(declarations, services),
    applyDeclaredQueues(declarations, services).then(() => applyDeclaredBuckets(declarations, services)),
  ]);
  applyDeclaredClock(declarations, services);
  services.stepfunctions.resume();
}

/** What acts by itself comes last, when all that it may call is there. */
function applyDeclaredClock(declarations: Declarations, { eventbridge, scheduler }: LocalServices): void {
  applyEventBuses(
    {
      buses: declarations.of('AWS::Events::EventBus'),
      policies: declarations.of('AWS::Events::EventBusPolicy'),
      rules: declarations.of('AWS::Events::Rule'),
    },
    eventbridge,
  );
  const groups = declarations.of('AWS::Scheduler::ScheduleGroup');
  applySchedules({ groups, schedules: declarations.of('AWS::Scheduler::Schedule') }, scheduler);
}

function applyRoles(declarations: Declarations, iam: Iam): void {
  const declared = {
    roles: declarations.of('AWS::IAM::Role'),
    policies: declarations.of('AWS::IAM::Policy'),
    managedPolicies: declarations.of('AWS::IAM::ManagedPolicy'),
  };
  for (const role of rolesOf(declared)) iam.addRole(role);
}

/** What a function may do, and who may invoke it. */
function functionAccess(fn: Resource, permissions: readonly Resource[], iam: Iam) {
  const policy = functionPolicy(fn, permissions);
  return {
    credentials: iam.assume(roleOf(fn), fn.physicalName),
    policy: policy && JSON.stringify(policy),
  };
}

async function applyDeclaredTables(declarations: Declarations, { dynamodb }: LocalServices): Promise<void> {
  const { DynamoDBClient } = await import('@aws-sdk/client-dynamodb');
  const client = new DynamoDBClient(clientConfig(dynamodb.url));
  await applyTables(declarations.of('AWS::DynamoDB::GlobalTable', 'AWS::DynamoDB::Table'), client);
  client.destroy();
}

async function applyDeclaredQueues(declarations: Declarations, { sqs }: LocalServices): Promise<void> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  const client = new SQSClient(clientConfig(sqs.url));
  const policies = declarations.of('AWS::SQS::QueuePolicy');
  await applyQueues({ queues: declarations.of('AWS::SQS::Queue'), policies }, client);
  client.destroy();
}

/** After the queues, which their notifications may name. */
async function applyDeclaredBuckets(declarations: Declarations, { s3 }: LocalServices): Promise<void> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  const client = new S3Client(clientConfig(s3.url));
  const buckets = {
    buckets: declarations.of('AWS::S3::Bucket'),
    policies: declarations.of('AWS::S3::BucketPolicy'),
    notifications: declarations.of('Custom::S3BucketNotifications'),
  };
  await applyBuckets(buckets, client);
  client.destroy();
}
