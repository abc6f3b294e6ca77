import { describe, expect, it } from 'vitest';
import { Declarations } from '../../local/template/declarations.ts';
import { assertDeployable } from '../../local/template/deployment-checks.ts';
import { functionPolicy } from '../../local/template/function-permissions.ts';
import { rolesOf } from '../../local/template/roles.ts';
import type { JsonObject, TemplateResource } from '../../local/template/template.ts';
import { anAccount } from '../support/iam.ts';

const addresses = { sqs: 'http://127.0.0.1:9324', api: 'http://127.0.0.1:3000' };
const attribute = (logicalId: string, name = 'Arn') => ({ 'Fn::GetAtt': [logicalId, name] });
const policy = (...Statement: JsonObject[]) => ({ Version: '2012-10-17', Statement });
const allow = (Action: string, Resource: JsonObject, rest: JsonObject = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...rest,
});
const trusting = (Service: string) => policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' });

const declarationsOf = (Resources: Record<string, TemplateResource>) =>
  new Declarations([{ name: 's', template: { Resources }, assets: new Map() }], addresses);

const rolesIn = (declarations: Declarations) =>
  rolesOf({
    roles: declarations.of('AWS::IAM::Role'),
    policies: declarations.of('AWS::IAM::Policy'),
    managedPolicies: declarations.of('AWS::IAM::ManagedPolicy'),
  });

const aRole = (Properties: JsonObject = {}): TemplateResource => ({
  Type: 'AWS::IAM::Role',
  Properties: { AssumeRolePolicyDocument: trusting('lambda.amazonaws.com'), ...Properties },
});
const document = policy(allow('sqs:SendMessage', attribute('Queue')));
const queue = { Queue: { Type: 'AWS::SQS::Queue' } };

describe('a role', () => {
  it('has the policies of every place where a template may say them', () => {
    const roles = rolesIn(
      declarationsOf({
        ...queue,
        Role: aRole({
          Policies: [{ PolicyName: 'inline', PolicyDocument: document }],
          ManagedPolicyArns: [{ Ref: 'Named' }, 'arn:aws:iam::aws:policy/ReadOnlyAccess'],
        }),
        Attached: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: document, Roles: [{ Ref: 'Role' }] } },
        Managed: {
          Type: 'AWS::IAM::ManagedPolicy',
          Properties: { PolicyDocument: document, Roles: [{ Ref: 'Role' }] },
        },
        Named: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: document } },
        OfOthers: { Type: 'AWS::IAM::Policy', Properties: { PolicyDocument: document, Roles: ['other'] } },
      }),
    );

    expect(roles).toMatchObject([
      {
        arn: 'arn:aws:iam::000000000000:role/s-Role',
        unknownPolicies: ['arn:aws:iam::aws:policy/ReadOnlyAccess'],
      },
    ]);
    expect(roles[0]!.policies.map(({ name }) => name)).toEqual(['inline', 's-Attached', 's-Managed', 's-Named']);
    expect(roles[0]!.policies[0]!.document.Statement).toMatchObject([
      { Resource: 'arn:aws:sqs:us-east-1:000000000000:s-Queue' },
    ]);
  });

  it('has the name and the path that the template gives it', () => {
    const [role] = rolesIn(declarationsOf({ Role: aRole({ RoleName: 'deploy', Path: '/ci/' }) }));

    expect(role!.arn).toBe('arn:aws:iam::000000000000:role/ci/deploy');
  });

  it('with a permissions boundary is refused', () => {
    expect(() => declarationsOf({ Role: aRole({ PermissionsBoundary: 'arn' }) })).toThrow(
      's/Role: the local cloud does not emulate PermissionsBoundary of AWS::IAM::Role',
    );
  });
});

const fn: TemplateResource = { Type: 'AWS::Lambda::Function', Properties: { Role: attribute('Role') } };

it('makes of permissions the policy that AWS makes of them', () => {
  const permission = (Properties: JsonObject): TemplateResource => ({
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', ...Properties },
  });
  const declarations = declarationsOf({
    Role: aRole(),
    Fn: fn,
    Other: fn,
    ForBucket: permission({
      FunctionName: { Ref: 'Fn' },
      Principal: 's3.amazonaws.com',
      SourceArn: 'arn:aws:s3:::b',
      SourceAccount: { Ref: 'AWS::AccountId' },
    }),
    ForAlias: permission({
      FunctionName: { 'Fn::Join': [':', [attribute('Fn'), 'live']] },
      Principal: 'events.amazonaws.com',
    }),
    ForOther: permission({ FunctionName: attribute('Other'), Principal: 's3.amazonaws.com' }),
  });
  const [declared] = declarations.of('AWS::Lambda::Function');
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:s-Fn';

  expect(functionPolicy(declared!, declarations.of('AWS::Lambda::Permission'))).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ForBucket',
        Effect: 'Allow',
        Principal: { Service: 's3.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: arn,
        Condition: {
          ArnLike: { 'aws:SourceArn': 'arn:aws:s3:::b' },
          StringEquals: { 'aws:SourceAccount': '000000000000' },
        },
      },
      {
        Sid: 'ForAlias',
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: `${arn}:live`,
      },
    ],
  });
});

describe('what AWS does not deploy', () => {
  const refusalOf = async (Resources: Record<string, TemplateResource>) => {
    const declarations = declarationsOf({ ...queue, Fn: fn, Role: aRole(), ...Resources });
    const { iam } = await anAccount();
    for (const role of rolesIn(declarations)) iam.addRole(role);
    return () => assertDeployable(declarations, iam);
  };

  it('is a function with a role that Lambda may not assume', async () => {
    const Role = aRole({ AssumeRolePolicyDocument: trusting('states.amazonaws.com') });

    expect(await refusalOf({ Role })).toThrow(
      'Fn: the trust of its role arn:aws:iam::000000000000:role/s-Role does not let Lambda assume it',
    );
  });

  it('is a mapping whose function may not do all that polling takes', async () => {
    const polling = ['sqs:ReceiveMessage', 'sqs:DeleteMessage'].map((action) => allow(action, attribute('Queue')));
    const Role = aRole({ Policies: [{ PolicyName: 'poll', PolicyDocument: policy(...polling) }] });
    const Mapping = {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: attribute('Queue'), FunctionName: { Ref: 'Fn' } },
    };

    expect(await refusalOf({ Role, Mapping })).toThrow(
      'Mapping: arn:aws:iam::000000000000:role/s-Role is not allowed sqs:GetQueueAttributes on ' +
        'arn:aws:sqs:us-east-1:000000000000:s-Queue, which the mapping needs',
    );
  });

  describe('is a bucket that tells a queue', () => {
    const notifying = (SourceArn: JsonObject | string): Record<string, TemplateResource> => ({
      Bucket: { Type: 'AWS::S3::Bucket' },
      Policy: {
        Type: 'AWS::SQS::QueuePolicy',
        Properties: {
          Queues: [{ Ref: 'Queue' }],
          PolicyDocument: policy(
            allow('sqs:SendMessage', attribute('Queue'), {
              Principal: { Service: 's3.amazonaws.com' },
              Condition: { ArnLike: { 'aws:SourceArn': SourceArn } },
            }),
          ),
        },
      },
      Notifications: {
        Type: 'Custom::S3BucketNotifications',
        Properties: {
          ServiceToken: attribute('Handler'),
          BucketName: { Ref: 'Bucket' },
          NotificationConfiguration: { QueueConfigurations: [{ QueueArn: attribute('Queue'), Events: [] }] },
        },
      },
      Handler: { Type: 'AWS::Lambda::Function' },
    });

    it('whose policy speaks of another', async () => {
      expect(await refusalOf(notifying('arn:aws:s3:::another'))).toThrow(
        'Notifications: no policy at arn:aws:sqs:us-east-1:000000000000:s-Queue allows sqs:SendMessage to S3 for the bucket s-bucket',
      );
    });

    it('but not where the policy names it', async () => {
      expect(await refusalOf(notifying(attribute('Bucket')))).not.toThrow();
    });
  });
});
