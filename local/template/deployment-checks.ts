import { type AccessRequest, type Iam, roleSession, servicePrincipal } from '../iam/index.ts';
import type { Declarations } from './declarations.ts';
import { TemplateError } from './errors.ts';
import { functionPolicy, isOf } from './function-permissions.ts';
import { functionNamed, roleOf } from './function-roles.ts';
import { queuePolicy } from './queues.ts';
import { propertiesOf, type Resource } from './resource.ts';
import type { Json } from './template.ts';

/**
 * What AWS refuses at deployment for want of a permission, refused at the start.
 * @throws {TemplateError} naming who lacks what
 */
export function assertDeployable(declarations: Declarations, iam: Iam): void {
  for (const fn of declarations.of('AWS::Lambda::Function')) assertAssumable(fn, iam);
  for (const mapping of declarations.of('AWS::Lambda::EventSourceMapping')) assertPollable(mapping, declarations, iam);
  for (const notifications of declarations.of('Custom::S3BucketNotifications')) {
    assertNotifiable(notifications, declarations, iam);
  }
}

function assertAssumable(fn: Resource, iam: Iam): void {
  if (iam.isTrusted(roleOf(fn), 'lambda.amazonaws.com')) return;
  throw new TemplateError(`${fn.logicalId}: the trust of its role ${roleOf(fn)} does not let Lambda assume it`);
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html#events-sqs-permissions */
const POLLING = ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'];

function assertPollable(mapping: Resource, declarations: Declarations, iam: Iam): void {
  const { EventSourceArn: queue, FunctionName } = propertiesOf<{ EventSourceArn: string; FunctionName: string }>(
    mapping,
  );
  const role = roleOf(functionNamed(FunctionName, declarations));
  const refused = POLLING.find((action) =>
    iam.check(roleSession(role, 'mapping'), { action, resource: queue, ...policyAt(queue, declarations) }),
  );
  if (!refused) return;
  throw new TemplateError(
    `${mapping.logicalId}: ${role} is not allowed ${refused} on ${queue}, which the mapping needs`,
  );
}

interface NotificationProperties {
  readonly BucketName: string;
  readonly NotificationConfiguration: {
    readonly QueueConfigurations?: readonly { readonly QueueArn: string }[];
    readonly LambdaFunctionConfigurations?: readonly { readonly LambdaFunctionArn: string }[];
  };
}

function assertNotifiable(notifications: Resource, declarations: Declarations, iam: Iam): void {
  const { BucketName, NotificationConfiguration: configuration } = propertiesOf<NotificationProperties>(notifications);
  const s3 = servicePrincipal('s3.amazonaws.com', `arn:aws:s3:::${BucketName}`);
  const queues = (configuration.QueueConfigurations ?? []).map(({ QueueArn }) => QueueArn);
  const functions = (configuration.LambdaFunctionConfigurations ?? []).map((one) => one.LambdaFunctionArn);
  const wanted: AccessRequest[] = [
    ...queues.map((resource) => ({ action: 'sqs:SendMessage', resource })),
    ...functions.map((resource) => ({ action: 'lambda:InvokeFunction', resource })),
  ];
  for (const { action, resource } of wanted) {
    if (!iam.check(s3, { action, resource, ...policyAt(resource, declarations) })) continue;
    throw new TemplateError(
      `${notifications.logicalId}: no policy at ${resource} allows ${action} to S3 for the bucket ${BucketName}`,
    );
  }
}

/** The policy that the template puts at a queue or a function. */
function policyAt(holder: string, declarations: Declarations): Pick<AccessRequest, 'resourcePolicy'> {
  const queue = declarations.of('AWS::SQS::Queue').find(({ attributes }) => attributes.Arn === holder);
  const fn = declarations.of('AWS::Lambda::Function').find((declared) => isOf(declared, holder));
  const policy: Json | object | undefined = queue
    ? queuePolicy(queue, declarations.of('AWS::SQS::QueuePolicy'))
    : fn && functionPolicy(fn, declarations.of('AWS::Lambda::Permission'));
  return policy === undefined ? {} : { resourcePolicy: { holder, json: JSON.stringify(policy) } };
}
