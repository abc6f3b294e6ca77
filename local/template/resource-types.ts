import { bucketIdentity } from './buckets.ts';
import { NotEmulatedError } from './errors.ts';
import { busIdentity, ruleIdentity } from './event-buses.ts';
import { aliasIdentity, versionIdentity } from './function-versions.ts';
import { functionIdentity } from './functions.ts';
import { apiIdentity } from './http-api.ts';
import { physicalName } from './names.ts';
import { queueIdentity } from './queues.ts';
import { arn, type Identifiable, type Identify, type Identity } from './resource.ts';
import { managedPolicyIdentity, roleIdentity } from './roles.ts';
import { scheduleGroupIdentity, scheduleIdentity } from './schedules.ts';
import { stateMachineIdentity } from './state-machines.ts';
import { tableIdentity } from './tables.ts';
import { clientIdentity, groupIdentity, poolIdentity } from './user-pools.ts';

export type { Addresses, Identity } from './resource.ts';

/** For what nobody refers to, and for what has no local meaning but stands in properties of what has. */
const unnamed: Identify = (resource) => {
  const name = physicalName(resource, 128);
  return { physicalName: name, ref: name, attributes: { Arn: arn('local', name) } };
};

const emulated: Readonly<Record<string, Identify>> = {
  'AWS::ApiGatewayV2::Api': apiIdentity,
  'AWS::ApiGatewayV2::Authorizer': unnamed,
  'AWS::ApiGatewayV2::Integration': unnamed,
  'AWS::ApiGatewayV2::Route': unnamed,
  'AWS::ApiGatewayV2::Stage': unnamed,
  'AWS::Cognito::UserPool': poolIdentity,
  'AWS::Cognito::UserPoolClient': clientIdentity,
  'AWS::Cognito::UserPoolGroup': groupIdentity,
  'AWS::Cognito::UserPoolResourceServer': unnamed,
  'AWS::DynamoDB::GlobalTable': tableIdentity,
  'AWS::DynamoDB::Table': tableIdentity,
  'AWS::Events::EventBus': busIdentity,
  'AWS::Events::EventBusPolicy': unnamed,
  'AWS::Events::Rule': ruleIdentity,
  'AWS::IAM::ManagedPolicy': managedPolicyIdentity,
  'AWS::IAM::Policy': unnamed,
  'AWS::IAM::Role': roleIdentity,
  'AWS::Lambda::Alias': aliasIdentity,
  'AWS::Lambda::EventSourceMapping': unnamed,
  'AWS::Lambda::Function': functionIdentity,
  'AWS::Lambda::Permission': unnamed,
  'AWS::Lambda::Version': versionIdentity,
  'AWS::S3::Bucket': bucketIdentity,
  'AWS::S3::BucketPolicy': unnamed,
  'AWS::Scheduler::Schedule': scheduleIdentity,
  'AWS::Scheduler::ScheduleGroup': scheduleGroupIdentity,
  'AWS::SQS::Queue': queueIdentity,
  'AWS::SQS::QueuePolicy': unnamed,
  'AWS::StepFunctions::StateMachine': stateMachineIdentity,
  'Custom::S3BucketNotifications': unnamed,
};

/** What the template may hold and the local cloud does without, each with the reason. */
export const withoutLocalMeaning: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'tells AWS which constructs were used',
  'AWS::CloudWatch::Alarm': 'nobody is paged on a laptop',
  'AWS::CloudWatch::CompositeAlarm': 'nobody is paged on a laptop',
  'AWS::CloudWatch::Dashboard': 'there is no console to draw it',
  'AWS::CodeDeploy::Application': 'a start is no update: the alias leads to the new version at once',
  'AWS::CodeDeploy::DeploymentGroup': 'a start is no update: the alias leads to the new version at once',
  'AWS::Cognito::UserPoolDomain': 'the local Cognito serves the pages of every pool at its own address',
  'AWS::IAM::OIDCProvider': 'no workflow deploys to a laptop',
  'AWS::Logs::LogGroup': 'logs are files in the data folder',
  'Custom::S3AutoDeleteObjects': 'no stack is ever deleted here',
};

/**
 * What the rest of the template sees of a resource.
 * @throws {NotEmulatedError} for a type that is neither emulated nor known to have no local meaning
 */
export function identify(type: string, resource: Identifiable): Identity {
  const rule = emulated[type] ?? (type in withoutLocalMeaning ? unnamed : undefined);
  if (!rule) throw new NotEmulatedError(`the local cloud does not emulate ${type}`);
  return rule(resource);
}
