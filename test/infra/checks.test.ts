import { App, CfnResource, Fn, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { checkIamActions } from '../../lib/checks/iam-actions.ts';
import { checkStateMachines } from '../../lib/checks/state-machines.ts';
import { anApp } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** A template of one resource; numbers of the CDK's tokens become intrinsic functions, as in a synthesis. */
const templateOf = (Type: string, Properties: object) => {
  const stack = new Stack(new App(), 'Planted');
  return { Resources: { Planted: { Type, Properties: stack.resolve(Properties) } } };
};

const allow = (Action: unknown) => ({ Statement: [{ Effect: 'Allow', Action, Resource: '*' }] });

describe('a policy', () => {
  it.each([
    ['s3:GetObjekt', "'s3:GetObjekt' is no action that IAM knows"],
    ['dynamo:GetItem', "'dynamo:GetItem' is of no service that IAM knows"],
    ['s3:GetObjekt*', "'s3:GetObjekt*' is no action that IAM knows"],
    ['GetObject', '"GetObject" is no action; expected service:Action'],
    ['../s3:GetObject', '"../s3:GetObject" is no action; expected service:Action'],
    [{ Nonsense: true }, 'undefined is no action; expected service:Action'],
  ])('with the action %j is refused', (action, message) => {
    const template = templateOf('AWS::IAM::Policy', { PolicyDocument: allow(['s3:PutObject', action]) });

    expect(checkIamActions(template)).toEqual([
      {
        rule: 'iam-action',
        logicalId: 'Planted',
        path: 'Properties.PolicyDocument.Statement.0.Action.1',
        message,
      },
    ]);
  });

  it.each([
    ['of a role, inline', 'AWS::IAM::Role', { Policies: [{ PolicyDocument: allow('sqs:Sent') }] }],
    [
      'of trust',
      'AWS::IAM::Role',
      { AssumeRolePolicyDocument: { Statement: { Effect: 'Allow', Action: 'sts:Assume' } } },
    ],
    [
      'of a bucket',
      'AWS::S3::BucketPolicy',
      { PolicyDocument: { Statement: [{ Effect: 'Deny', NotAction: 's3:Get' }] } },
    ],
    ['of a function', 'AWS::Lambda::Permission', { Action: 'lambda:Invoke' }],
    ['as text', 'AWS::Logs::ResourcePolicy', { PolicyDocument: JSON.stringify(allow('logs:Put')) }],
    [
      'as text around a reference',
      'AWS::Logs::ResourcePolicy',
      { PolicyDocument: Fn.sub(`{"Statement":{"Effect":"Allow","Action":"logs:Put","Resource":"\${Log.Arn}"}}`) },
    ],
  ])('%s is looked through', (_, type, properties) => {
    expect(checkIamActions(templateOf(type, properties))).toHaveLength(1);
  });

  it.each(['s3:GetObject', 'S3:getobject', 's3:Get*', 's3:GetObjec?', '*', 'xray:PutTraceSegments'])(
    'with the action %s passes',
    (action) => {
      expect(checkIamActions(templateOf('AWS::IAM::Policy', { PolicyDocument: allow(action) }))).toEqual([]);
    },
  );
});

/** A task, as the CDK writes it, with what matters to the test changed. */
const machine = (changes: object, others: object = {}) => ({
  StartAt: 'Train',
  States: {
    Train: {
      Type: 'Task',
      Resource: 'arn:aws:states:::lambda:invoke',
      Parameters: { FunctionName: `\${Train.Arn}`, 'Payload.$': '$' },
      End: true,
      ...changes,
    },
  },
  ...others,
});

const stateMachine = (definition: object) =>
  templateOf('AWS::StepFunctions::StateMachine', { DefinitionString: Fn.sub(JSON.stringify(definition)) });

const messagesOf = (template: object) => checkStateMachines(template).map(({ message }) => message);

describe('a state machine', () => {
  it.each([
    ['goes on to a state that there is not', machine({ End: undefined, Next: 'Evaluate' }), 'target: Evaluate'],
    ['does not say where it ends', machine({ End: undefined }), 'exactly one of "End", "Next"'],
    ['has a state of an unknown type', machine({ Type: 'Tusk' }), '/States/Train'],
    ['calls what is no resource', machine({ Resource: 'train' }), '/States/Train/Resource'],
    [
      'speaks JSONata',
      machine({}, { QueryLanguage: 'JSONata' }),
      'definition.QueryLanguage is "JSONata"; expected JSONPath',
    ],
    [
      'speaks JSONata in one state',
      machine({ QueryLanguage: 'JSONata', Parameters: undefined, Arguments: { FunctionName: 'train' } }),
      'definition.States.Train.QueryLanguage is "JSONata"; expected JSONPath',
    ],
  ])('that %s is refused', (_, definition, message) => {
    expect(messagesOf(stateMachine(definition)).join('\n')).toContain(message);
  });

  it.each([
    ['no JSON', { DefinitionString: '{"StartAt":' }, 'the definition is no JSON: '],
    ['no object', { DefinitionString: '"Train"' }, 'the definition is no object'],
    ['elsewhere', { DefinitionS3Location: { Bucket: 'b', Key: 'k' } }, 'the definition is not in the template'],
  ])('whose definition is %s is refused', (_, properties, message) => {
    const [fault] = messagesOf(templateOf('AWS::StepFunctions::StateMachine', properties));

    expect(fault).toContain(message);
  });

  it.each([
    [
      'a text of parts',
      {
        DefinitionString: Fn.join('', [
          '{"StartAt":"A","States":{"A":{"Type":"Task","Resource":"',
          Fn.getAtt('Train', 'Arn').toString(),
          '","End":true}}}',
        ]),
      },
    ],
    ['an object', { Definition: machine({ Resource: Fn.getAtt('Train', 'Arn'), TimeoutSeconds: 60 }) }],
    [
      'a text with substitutions',
      {
        DefinitionString: JSON.stringify(machine({ Resource: `\${invoke}` })),
        DefinitionSubstitutions: { invoke: Fn.sub(`arn:\${AWS::Partition}:states:::lambda:invoke`) },
      },
    ],
  ])('as %s passes', (_, properties) => {
    expect(messagesOf(templateOf('AWS::StepFunctions::StateMachine', properties))).toEqual([]);
  });
});

it('stops a synthesis that names an action of no service, and one of a machine that never ends', () => {
  const app = anApp(temporaryFolder(), { validate: true });
  const planted = new Stack(app, 'Planted');
  const properties = {
    PolicyName: 'planted',
    Roles: ['one'],
    PolicyDocument: { ...allow('s4:GetObject'), Version: '2012-10-17' },
  };
  new CfnResource(planted, 'Policy', { type: 'AWS::IAM::Policy', properties });
  new CfnResource(planted, 'Machine', {
    type: 'AWS::StepFunctions::StateMachine',
    properties: {
      RoleArn: 'arn:aws:iam::123456789012:role/one',
      DefinitionString: JSON.stringify(machine({ End: undefined })),
    },
  });

  expect(() => app.synth()).toThrow(
    /'s4:GetObject' is of no service that IAM knows[\s\S]*exactly one of "End", "Next"/,
  );
});
