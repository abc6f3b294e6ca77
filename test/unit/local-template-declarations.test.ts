import { describe, expect, it } from 'vitest';
import type { Stack } from '../../local/template/assembly.ts';
import { Declarations } from '../../local/template/declarations.ts';
import { NotEmulatedError, TemplateError } from '../../local/template/errors.ts';
import type { Template } from '../../local/template/template.ts';

const addresses = { sqs: 'http://127.0.0.1:9324', api: 'http://127.0.0.1:3000' };

const aStack = (name: string, template: Template): Stack => ({ name, template, assets: new Map() });
const declarationsOf = (...stacks: Stack[]) => new Declarations(stacks, addresses);

const aQueue = { Type: 'AWS::SQS::Queue' };

describe('declarations', () => {
  it('names resources by their stack and logical ID, the same at every start', () => {
    const stack = aStack('kilat-storage', { Resources: { Photos: { Type: 'AWS::S3::Bucket' }, Jobs: aQueue } });

    const [bucket] = declarationsOf(stack).of('AWS::S3::Bucket');
    const [queue] = declarationsOf(stack).of('AWS::SQS::Queue');

    expect(bucket).toMatchObject({
      ref: 'kilat-storage-photos',
      attributes: { Arn: 'arn:aws:s3:::kilat-storage-photos' },
    });
    expect(queue).toMatchObject({
      ref: 'http://127.0.0.1:9324/000000000000/kilat-storage-Jobs',
      attributes: { Arn: 'arn:aws:sqs:us-east-1:000000000000:kilat-storage-Jobs', QueueName: 'kilat-storage-Jobs' },
    });
  });

  it('keeps bucket names within 63 characters, and apart', () => {
    const Resources = Object.fromEntries(
      ['A', 'B'].map((end) => [`${'Photo'.repeat(14)}${end}`, { Type: 'AWS::S3::Bucket' }]),
    );

    const names = declarationsOf(aStack('kilat', { Resources }))
      .of('AWS::S3::Bucket')
      .map(({ ref }) => ref);

    expect(names.map(({ length }) => length)).toEqual([63, 63]);
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toMatch(/^[a-z0-9][a-z0-9-]+$/);
  });

  it('gives a resource the name that the template gives it', () => {
    const Properties = { TableName: { 'Fn::Join': ['-', ['kilat', { Ref: 'AWS::Region' }]] } };
    const stack = aStack('s', { Resources: { History: { Type: 'AWS::DynamoDB::GlobalTable', Properties } } });

    expect(declarationsOf(stack).of('AWS::DynamoDB::GlobalTable')[0]?.ref).toBe('kilat-us-east-1');
  });

  it('draws user pool and client IDs in the shape of AWS', () => {
    const Resources = {
      Users: { Type: 'AWS::Cognito::UserPool' },
      Web: { Type: 'AWS::Cognito::UserPoolClient', Properties: { UserPoolId: { Ref: 'Users' } } },
    };

    const declarations = declarationsOf(aStack('s', { Resources }));

    expect(declarations.of('AWS::Cognito::UserPool')[0]?.ref).toMatch(/^us-east-1_[A-Za-z0-9]{9}$/);
    expect(declarations.of('AWS::Cognito::UserPoolClient')[0]?.ref).toMatch(/^[a-z0-9]{26}$/);
    expect(declarations.of('AWS::Cognito::UserPoolClient')[0]?.properties.UserPoolId).toMatch(/^us-east-1_/);
  });

  it('follows exports, weak references and outputs from stack to stack', () => {
    const storage = aStack('storage', {
      Resources: { Photos: { Type: 'AWS::S3::Bucket' } },
      Outputs: { Name: { Value: { Ref: 'Photos' }, Export: { Name: { 'Fn::Sub': '$' + '{AWS::StackName}:Name' } } } },
    });
    const Variables = {
      STRONG: { 'Fn::ImportValue': 'storage:Name' },
      WEAK: { 'Fn::GetStackOutput': { StackName: 'storage', OutputName: 'Name' } },
    };
    const inference = aStack('inference', {
      Resources: { Predict: { Type: 'AWS::Lambda::Function', Properties: { Environment: { Variables } } } },
      Outputs: { Again: { Value: { 'Fn::ImportValue': 'storage:Name' } } },
    });

    const declarations = declarationsOf(storage, inference);

    expect(declarations.of('AWS::Lambda::Function')[0]?.properties).toEqual({
      Environment: { Variables: { STRONG: 'storage-photos', WEAK: 'storage-photos' } },
    });
    expect(declarations.outputs()).toEqual({
      storage: { Name: 'storage-photos' },
      inference: { Again: 'storage-photos' },
    });
  });

  it('works out conditions, parameters and mappings', () => {
    const stack = aStack('s', {
      Parameters: { Stage: { Default: 'local' } },
      Mappings: { Waits: { local: { seconds: 5 } } },
      Conditions: {
        IsLocal: { 'Fn::Equals': [{ Ref: 'Stage' }, 'local'] },
        IsElsewhere: { 'Fn::Not': [{ Condition: 'IsLocal' }] },
        IsBoth: { 'Fn::And': [{ Condition: 'IsLocal' }, { Condition: 'IsElsewhere' }] },
        IsEither: { 'Fn::Or': [{ Condition: 'IsLocal' }, { Condition: 'IsElsewhere' }] },
      },
      Resources: {
        Here: {
          ...aQueue,
          Condition: 'IsEither',
          Properties: { DelaySeconds: { 'Fn::FindInMap': ['Waits', { Ref: 'Stage' }, 'seconds'] } },
        },
        Nowhere: { ...aQueue, Condition: 'IsBoth' },
      },
    });

    const queues = declarationsOf(stack).of('AWS::SQS::Queue');

    expect(queues.map(({ logicalId }) => logicalId)).toEqual(['Here']);
    expect(queues[0]?.properties).toEqual({ DelaySeconds: 5 });
  });

  it('leaves out the functions behind custom resources', () => {
    const Resources = {
      Provider: { Type: 'AWS::Lambda::Function', Properties: { Runtime: 'python3.13' } },
      Notifications: {
        Type: 'Custom::S3BucketNotifications',
        Properties: { ServiceToken: { 'Fn::GetAtt': ['Provider', 'Arn'] } },
      },
    };

    expect(declarationsOf(aStack('s', { Resources })).of('AWS::Lambda::Function')).toEqual([]);
  });

  it('gives versions and aliases of functions the ARNs that AWS does', () => {
    const Resources = {
      Predict: { Type: 'AWS::Lambda::Function', Properties: {} },
      PredictVersion: { Type: 'AWS::Lambda::Version', Properties: { FunctionName: { Ref: 'Predict' } } },
      Live: {
        Type: 'AWS::Lambda::Alias',
        Properties: {
          FunctionName: { 'Fn::GetAtt': ['Predict', 'Arn'] },
          FunctionVersion: { 'Fn::GetAtt': ['PredictVersion', 'Version'] },
          Name: 'live',
        },
      },
    };

    const declarations = declarationsOf(aStack('s', { Resources }));

    expect(declarations.of('AWS::Lambda::Version')[0]?.ref).toBe(
      'arn:aws:lambda:us-east-1:000000000000:function:s-Predict:1',
    );
    expect(declarations.of('AWS::Lambda::Alias')[0]).toMatchObject({
      ref: 'arn:aws:lambda:us-east-1:000000000000:function:s-Predict:live',
      properties: { FunctionVersion: '1' },
    });
  });

  it('refuses an alias that parts traffic between two versions', () => {
    const Properties = { FunctionName: 'f', FunctionVersion: '1', Name: 'live', RoutingConfig: {} };
    const stack = aStack('s', { Resources: { Live: { Type: 'AWS::Lambda::Alias', Properties } } });

    expect(() => declarationsOf(stack)).toThrow('does not emulate RoutingConfig of AWS::Lambda::Alias');
  });

  it('takes roles, which have no local meaning, where others name them', () => {
    const Resources = {
      Role: { Type: 'AWS::IAM::Role' },
      Predict: { Type: 'AWS::Lambda::Function', Properties: { Role: { 'Fn::GetAtt': ['Role', 'Arn'] } } },
    };

    expect(declarationsOf(aStack('s', { Resources })).of('AWS::Lambda::Function')).toHaveLength(1);
  });

  it('refuses a type that it does not know, and says which resource has it', () => {
    const stack = aStack('kilat-jobs', { Resources: { Broker: { Type: 'AWS::AmazonMQ::Broker' } } });

    expect(() => declarationsOf(stack)).toThrow(NotEmulatedError);
    expect(() => declarationsOf(stack)).toThrow(
      'kilat-jobs/Broker: the local cloud does not emulate AWS::AmazonMQ::Broker',
    );
  });

  it('refuses a property that would do nothing, and says which', () => {
    const Properties = { ReplicationConfiguration: { Role: 'arn' } };
    const stack = aStack('s', { Resources: { Photos: { Type: 'AWS::S3::Bucket', Properties } } });

    expect(() => declarationsOf(stack)).toThrow(
      's/Photos: the local cloud does not emulate ReplicationConfiguration of AWS::S3::Bucket',
    );
  });

  it.each([
    ['an attribute that a resource has not', { 'Fn::GetAtt': ['Jobs', 'Colour'] }, 'no attribute Colour'],
    ['a resource that nobody declares', { Ref: 'Nobody' }, 'declares no Nobody'],
    ['an export that no stack has', { 'Fn::ImportValue': 'nowhere' }, 'exports nowhere'],
  ])('refuses %s', (_, value, message) => {
    const Resources = { Jobs: aQueue, Other: { ...aQueue, Properties: { DelaySeconds: value } } };

    expect(() => declarationsOf(aStack('s', { Resources }))).toThrow(TemplateError);
    expect(() => declarationsOf(aStack('s', { Resources }))).toThrow(message);
  });
});
