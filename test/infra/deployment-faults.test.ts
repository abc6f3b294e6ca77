import { describe, expect, it } from 'vitest';
import type { Json } from '../../local/template/template.ts';
import { SimulatedAccount } from '../support/cloudformation/account.ts';
import { type DeclaredStack, inOrder, type Template } from '../support/cloudformation/stack.ts';

type Resources = Template['Resources'];

const aStack = (name: string, Resources: Resources, rest: Partial<Template & DeclaredStack> = {}): DeclaredStack => {
  const { dependencies = [], terminationProtection = false, ...template } = rest;
  return { name, dependencies, terminationProtection, template: { Resources, ...template } };
};

const bucket = { Type: 'AWS::S3::Bucket', DeletionPolicy: 'Retain' } as const;
const queue = (Properties = {}) => ({ Type: 'AWS::SQS::Queue', Properties });
const exported = (Value: Json, Name = 'shared') => ({ Outputs: { Shared: { Value, Export: { Name } } } });

const writer = aStack('writer', { Queue: queue() }, exported({ Ref: 'Queue' }));
const reader = aStack('reader', { Queue: queue({ DelaySeconds: { 'Fn::ImportValue': 'shared' } }) });
const weakReader = aStack('weak-reader', {
  Queue: queue({ DelaySeconds: { 'Fn::GetStackOutput': { StackName: 'writer', OutputName: 'Shared' } } }),
});

function deployed(...stacks: DeclaredStack[]): SimulatedAccount {
  const account = new SimulatedAccount();
  for (const stack of stacks) account.deploy(stack);
  return account;
}

describe('a deployment is refused', () => {
  it.each([
    ['imports what nobody exports', [reader], 'there is no export shared'],
    ['reads the output of a stack that there is not', [weakReader], 'writer has no output Shared'],
    ['exports what another does', [writer, { ...writer, name: 'other' }], 'other exports shared, as writer does'],
    [
      'exports a name twice',
      [
        aStack(
          'twice',
          {},
          { Outputs: { A: { Value: 1, Export: { Name: 'x' } }, B: { Value: 2, Export: { Name: 'x' } } } },
        ),
      ],
      'twice exports a name twice',
    ],
    ['refers to nothing by Ref', [aStack('a', { Queue: queue({ QueueName: { Ref: 'Gone' } }) })], 'a refers to Gone'],
    [
      'refers to nothing by Fn::GetAtt',
      [aStack('a', {}, exported({ 'Fn::GetAtt': ['Gone', 'Arn'] }))],
      'a refers to Gone',
    ],
    ['refers to nothing by DependsOn', [aStack('a', { Queue: { ...queue(), DependsOn: 'Gone' } })], 'a refers to Gone'],
    [
      'refers to what its condition leaves out',
      [
        aStack(
          'a',
          { Queue: { ...queue(), Condition: 'Never' } },
          { Conditions: { Never: { 'Fn::Equals': ['a', 'b'] } }, ...exported({ Ref: 'Queue' }) },
        ),
      ],
      'a refers to Queue',
    ],
    [
      'knows no such condition',
      [aStack('a', { Queue: { ...queue(), Condition: 'Gone' } })],
      'a declares no condition Gone',
    ],
    [
      'has a parameter that nobody sets',
      [aStack('a', { Queue: queue({ QueueName: { Ref: 'Name' } }) }, { Parameters: { Name: {} } })],
      'a has no value for its parameter Name',
    ],
    [
      'has resources that wait for each other',
      [aStack('a', { One: queue({ X: { Ref: 'Two' } }), Two: queue({ X: { 'Fn::GetAtt': ['One', 'Arn'] } }) })],
      'a has resources that wait for each other: One, Two',
    ],
    [
      'gives a queue a name that is taken',
      [aStack('a', { Queue: queue({ QueueName: 'q' }) }), aStack('b', { Queue: queue({ QueueName: 'q' }) })],
      'b: Queue exists already, as AWS::SQS::Queue q',
    ],
  ])('that %s', (_, stacks, message) => {
    expect(() => deployed(...(stacks as DeclaredStack[]))).toThrow(message as string);
  });
});

describe('an update is refused', () => {
  it.each([
    [
      'takes away an export that is imported',
      aStack('writer', { Queue: queue() }),
      'the export shared cannot go or change',
    ],
    [
      'replaces what is imported, by another logical id',
      aStack('writer', { Renamed: queue() }, exported({ Ref: 'Renamed' })),
      'writer: the export shared cannot go or change while reader imports it',
    ],
    [
      'replaces what is imported, by a property that cannot be changed in place',
      aStack('writer', { Queue: queue({ FifoQueue: true }) }, exported({ Ref: 'Queue' })),
      'writer: the export shared cannot go or change while reader imports it',
    ],
  ])('that %s', (_, update, message) => {
    const account = deployed(writer, reader);

    expect(() => account.deploy(update)).toThrow(message);
  });

  it('that replaces a queue whose name is fixed', () => {
    const account = deployed(aStack('a', { Queue: queue({ QueueName: 'q' }) }));
    const update = aStack('a', { Queue: queue({ QueueName: 'q', FifoQueue: true }) });

    expect(() => account.deploy(update)).toThrow('a cannot replace Queue, whose name is fixed: q');
  });
});

describe('a weak reference', () => {
  const replaced = aStack('writer', { Renamed: queue() }, exported({ Ref: 'Renamed' }));
  const read = (account: SimulatedAccount) => account.resource('weak-reader', 'Queue')!.properties.DelaySeconds;

  it('lets what it refers to be replaced, and is read anew when its reader is deployed', () => {
    const account = deployed(writer, weakReader);

    account.deploy(replaced);
    const before = read(account);
    account.deploy(weakReader);

    expect(before).toMatch(/^writer\/Queue\//);
    expect(read(account)).toMatch(/^writer\/Renamed\//);
  });

  it('lets the stack that it refers to be destroyed', () => {
    expect(() => deployed(writer, weakReader).destroy('writer')).not.toThrow();
  });
});

describe('a destruction is refused', () => {
  it.each([
    ['of a stack that another imports from', [writer, reader], 'the export shared cannot go or change'],
    ['of a stack that is protected', [aStack('writer', {}, { terminationProtection: true })], 'writer is protected'],
    [
      'of a bucket that nothing empties',
      [aStack('writer', { Bucket: { Type: 'AWS::S3::Bucket' } })],
      'writer: Bucket holds objects that nothing deletes',
    ],
    [
      'of a table that is protected and not retained',
      [
        aStack('writer', {
          Table: {
            Type: 'AWS::DynamoDB::GlobalTable',
            Properties: { Replicas: [{ DeletionProtectionEnabled: true }] },
          },
        }),
      ],
      'writer: Table is protected from deletion and not retained',
    ],
    [
      'of a user pool that is protected and not retained',
      [aStack('writer', { Pool: { Type: 'AWS::Cognito::UserPool', Properties: { DeletionProtection: 'ACTIVE' } } })],
      'writer: Pool is protected from deletion and not retained',
    ],
    [
      'of a repository with images in it',
      [aStack('writer', { Images: { Type: 'AWS::ECR::Repository' } })],
      'writer: Images holds images that nothing deletes',
    ],
  ])('%s', (_, stacks, message) => {
    expect(() => deployed(...stacks).destroy('writer')).toThrow(message);
  });
});

it('creates no bucket anew whose fixed name is kept by the one that stayed', () => {
  const stack = aStack('a', { Bucket: { ...bucket, Properties: { BucketName: 'photos' } } });
  const account = deployed(stack);

  const left = account.destroy('a');

  expect(left).toEqual(['Bucket']);
  expect(() => account.deploy(stack)).toThrow('a: Bucket exists already, as AWS::S3::Bucket photos');
});

it('finds no order for stacks that depend on each other', () => {
  const one = aStack('one', {}, { dependencies: ['two'] });
  const two = aStack('two', {}, { dependencies: ['one'] });

  expect(() => inOrder([one, two], (ready) => ready[0]!)).toThrow('nothing of one,two can be deployed first');
});
