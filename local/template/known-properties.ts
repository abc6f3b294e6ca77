import { NotEmulatedError } from './errors.ts';
import type { JsonObject } from './template.ts';

interface KnownProperties {
  /** Brought about, or refused with a reason of its own. */
  readonly read: readonly string[];
  /** Without a meaning on a laptop. */
  readonly ignored: readonly string[];
}

/** By type. Cognito's types are not here: their properties are handed on whole, and judged there. */
const knownProperties: Readonly<Record<string, KnownProperties>> = {
  'AWS::ApiGatewayV2::Api': {
    read: ['CorsConfiguration', 'ProtocolType'],
    ignored: ['Description', 'Name', 'Tags'],
  },
  'AWS::ApiGatewayV2::Authorizer': {
    read: ['AuthorizerType', 'JwtConfiguration'],
    ignored: ['ApiId', 'IdentitySource', 'Name'], // a JWT authorizer knows but one source, the Authorization header
  },
  'AWS::ApiGatewayV2::Integration': {
    read: ['IntegrationType', 'IntegrationUri', 'PayloadFormatVersion', 'TimeoutInMillis'],
    ignored: ['ApiId', 'Description'],
  },
  'AWS::ApiGatewayV2::Route': {
    read: ['AuthorizationScopes', 'AuthorizationType', 'AuthorizerId', 'RouteKey', 'Target'],
    ignored: ['ApiId', 'OperationName'],
  },
  'AWS::ApiGatewayV2::Stage': {
    read: ['DefaultRouteSettings', 'RouteSettings', 'StageName', 'StageVariables'],
    ignored: ['AccessLogSettings', 'ApiId', 'AutoDeploy', 'Description', 'Tags'],
  },
  'AWS::DynamoDB::GlobalTable': {
    read: [
      ...['AttributeDefinitions', 'GlobalSecondaryIndexes', 'KeySchema', 'LocalSecondaryIndexes', 'Replicas'],
      ...['StreamSpecification', 'TableName', 'TimeToLiveSpecification'],
    ],
    ignored: ['BillingMode', 'SSESpecification', 'WarmThroughput', 'WriteOnDemandThroughputSettings'],
  },
  'AWS::DynamoDB::Table': {
    read: [
      ...['AttributeDefinitions', 'DeletionProtectionEnabled', 'GlobalSecondaryIndexes', 'KeySchema'],
      ...['LocalSecondaryIndexes', 'PointInTimeRecoverySpecification', 'StreamSpecification', 'TableName'],
      'TimeToLiveSpecification',
    ],
    ignored: ['BillingMode', 'OnDemandThroughput', 'ProvisionedThroughput', 'SSESpecification', 'TableClass', 'Tags'],
  },
  'AWS::Events::EventBus': { read: ['Name'], ignored: ['Description', 'Tags'] },
  'AWS::Events::Rule': {
    read: ['EventBusName', 'EventPattern', 'ScheduleExpression', 'State', 'Targets'],
    ignored: ['Description', 'Name'],
  },
  'AWS::Events::EventBusPolicy': { read: ['EventBusName', 'Statement', 'StatementId'], ignored: [] },
  'AWS::IAM::ManagedPolicy': {
    read: ['ManagedPolicyName', 'Path', 'PolicyDocument', 'Roles'],
    ignored: ['Description'],
  },
  'AWS::IAM::Policy': { read: ['PolicyDocument', 'Roles'], ignored: ['PolicyName'] },
  'AWS::IAM::Role': {
    read: ['AssumeRolePolicyDocument', 'ManagedPolicyArns', 'Path', 'Policies', 'RoleName'],
    ignored: ['Description', 'MaxSessionDuration', 'Tags'],
  },
  'AWS::Lambda::Alias': {
    read: ['FunctionName', 'FunctionVersion', 'Name'],
    ignored: ['Description', 'ProvisionedConcurrencyConfig'],
  },
  'AWS::Lambda::EventSourceMapping': {
    read: [
      ...['BatchSize', 'Enabled', 'EventSourceArn', 'FilterCriteria', 'FunctionName', 'FunctionResponseTypes'],
      ...['MaximumBatchingWindowInSeconds', 'ScalingConfig'],
    ],
    ignored: ['MetricsConfig', 'Tags'],
  },
  'AWS::Lambda::Function': {
    read: [
      ...['Code', 'Environment', 'FunctionName', 'Handler', 'ImageConfig', 'Layers', 'MemorySize', 'PackageType'],
      ...['ReservedConcurrentExecutions', 'Role', 'Runtime', 'Timeout'],
    ],
    ignored: [
      ...['Architectures', 'Description', 'EphemeralStorage', 'LoggingConfig', 'RuntimeManagementConfig'],
      ...['Tags', 'TracingConfig'],
    ],
  },
  'AWS::Lambda::Permission': {
    read: ['Action', 'FunctionName', 'Principal', 'SourceAccount', 'SourceArn'],
    ignored: [],
  },
  'AWS::Lambda::Version': {
    read: ['FunctionName'],
    ignored: ['CodeSha256', 'Description', 'ProvisionedConcurrencyConfig'],
  },
  'AWS::S3::Bucket': {
    read: [
      ...['BucketEncryption', 'BucketName', 'CorsConfiguration', 'LifecycleConfiguration', 'OwnershipControls'],
      ...['PublicAccessBlockConfiguration', 'Tags', 'VersioningConfiguration'],
    ],
    ignored: [],
  },
  'AWS::Scheduler::Schedule': {
    read: [
      ...['Description', 'EndDate', 'FlexibleTimeWindow', 'GroupName', 'Name', 'ScheduleExpression'],
      ...['ScheduleExpressionTimezone', 'StartDate', 'State', 'Target'],
    ],
    ignored: ['KmsKeyArn'],
  },
  'AWS::Scheduler::ScheduleGroup': { read: ['Name'], ignored: ['Tags'] },
  'AWS::SQS::Queue': {
    read: [
      ...['ContentBasedDeduplication', 'DeduplicationScope', 'DelaySeconds', 'FifoQueue', 'FifoThroughputLimit'],
      ...['MaximumMessageSize', 'MessageRetentionPeriod', 'QueueName', 'ReceiveMessageWaitTimeSeconds'],
      ...['RedriveAllowPolicy', 'RedrivePolicy', 'VisibilityTimeout'],
    ],
    ignored: ['KmsDataKeyReusePeriodSeconds', 'KmsMasterKeyId', 'SqsManagedSseEnabled', 'Tags'],
  },
  'AWS::SQS::QueuePolicy': { read: ['PolicyDocument', 'Queues'], ignored: [] },
  'AWS::StepFunctions::StateMachine': {
    read: [
      ...['Definition', 'DefinitionS3Location', 'DefinitionString', 'DefinitionSubstitutions', 'RoleArn'],
      ...['StateMachineName', 'StateMachineType'],
    ],
    ignored: ['EncryptionConfiguration', 'LoggingConfiguration', 'Tags', 'TracingConfiguration'],
  },
};

/** @throws {NotEmulatedError} for a property that would do something on AWS and nothing here */
export function assertKnownProperties(type: string, properties: JsonObject): void {
  const known = knownProperties[type];
  if (!known) return;
  const unknown = Object.keys(properties).find((name) => !known.read.includes(name) && !known.ignored.includes(name));
  if (unknown) throw new NotEmulatedError(`the local cloud does not emulate ${unknown} of ${type}`);
}
