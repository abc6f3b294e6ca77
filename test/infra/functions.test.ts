import { type FunctionName, functionEnv, type Route, routes } from '@kilat/contracts';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aStage, functionOf, type Statement, statementsOf, synthesised } from '../support/synth.ts';

const templates = synthesised(aStage('staging', { inferenceConcurrency: 7, inferenceArchitecture: 'arm64' }));
const names = Object.keys(functionEnv) as FunctionName[];

const variablesOf = (name: FunctionName) => functionOf(templates, name).Environment.Variables;
const withoutNodes = (keys: string[]) => keys.filter((key) => key !== 'NODE_OPTIONS').sort();

const isPlatforms = ({ Action }: Statement) => /^(logs|xray):/.test([Action].flat()[0]!);
const isUsages = ({ Resource }: Statement) => JSON.stringify(Resource).includes('UsageTable');
const allGrantsOf = (name: FunctionName) =>
  statementsOf(templates, name).filter((statement) => !isPlatforms(statement));
/** Counting apart, which every function with a token does alike. */
const grantsOf = (name: FunctionName) => allGrantsOf(name).filter((statement) => !isUsages(statement));
const actionsOf = (name: FunctionName) =>
  grantsOf(name)
    .flatMap(({ Action }) => Action)
    .sort();

describe.each(names)('function %s', (name) => {
  it('is told exactly what its schema asks for', () => {
    expect(withoutNodes(Object.keys(variablesOf(name)))).toEqual(Object.keys(functionEnv[name].shape).sort());
  });

  it('may do nothing by a wildcard', () => {
    const actions = statementsOf(templates, name).flatMap(({ Action }) => Action);

    expect(actions.filter((action) => action.includes('*'))).toEqual([]);
  });

  it('may touch no resource but by name, traces apart', () => {
    const anywhere = statementsOf(templates, name).filter(({ Resource }) => Resource === '*');

    expect(anywhere.flatMap(({ Action }) => Action)).toEqual(['xray:PutTelemetryRecords', 'xray:PutTraceSegments']);
  });
});

it.each([...new Set(Object.values(routes).map((route) => route.function))])(
  'has %s answer before the gateway gives up',
  (name) => {
    expect(functionOf(templates, name).Timeout).toBeLessThan(30);
  },
);

describe('predict', () => {
  it('may add photos, predictions and messages, read models, and ask whether the stores answer', () => {
    expect([...new Set(actionsOf('predict'))]).toEqual([
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'sqs:GetQueueAttributes',
      'sqs:SendMessage',
    ]);
  });

  it('runs as an image, by the handler that the local cloud looks for', () => {
    expect(functionOf(templates, 'predict').ImageConfig?.Command).toEqual(['index.handler']);
  });

  it('has the processor and the share of concurrency that the stage says', () => {
    templates.inference.hasResourceProperties('AWS::Lambda::Function', {
      Architectures: ['arm64'],
      ReservedConcurrentExecutions: 7,
    });
  });
});

it('keeps onnxruntime from phoning home in every image', () => {
  const images = [templates.inference, templates.jobs].flatMap((template) =>
    Object.values(template.findResources('AWS::Lambda::Function', { Properties: { PackageType: 'Image' } })),
  );

  expect(images.map(({ Properties }) => Properties.Environment.Variables.ORT_DISABLE_TELEMETRY)).toEqual(
    Array(3).fill('1'),
  );
});

it('lets history read the table and its index, and write nothing', () => {
  expect([...new Set(actionsOf('history'))]).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
  expect(JSON.stringify(grantsOf('history').map(({ Resource }) => Resource))).toContain('/index/by-tenant');
});

it('lets models read and add versions, move aliases, and have a candidate run', () => {
  expect([...new Set(actionsOf('models'))]).toEqual([
    'dynamodb:GetItem',
    'dynamodb:PutItem',
    'dynamodb:Query',
    'dynamodb:UpdateItem',
    'lambda:InvokeFunction',
    's3:GetObject',
    's3:GetObjectVersion',
    's3:ListBucket',
    's3:PutObject',
  ]);
});

it('lets runs read runs and their files, and begin none', () => {
  expect([...new Set(actionsOf('runs'))]).toEqual(['dynamodb:GetItem', 'dynamodb:Query', 's3:GetObject']);
  expect(JSON.stringify(grantsOf('runs').map(({ Resource }) => Resource))).toContain('/runs/*');
});

it.each(['verify', 'usage', 'platform', 'pre-token'] as const)('lets %s touch no store', (name) => {
  expect(grantsOf(name)).toEqual([]);
});

it.each(['identity', 'inference', 'jobs', 'api'] as const)('limits how long every log of %s is kept', (stack) => {
  const logGroups = Object.values(templates[stack].findResources('AWS::Logs::LogGroup'));

  expect(logGroups.length).toBeGreaterThan(0);
  templates[stack].allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

it.each(['identity', 'inference', 'jobs', 'api'] as const)(
  'traces every function of %s, and logs to its own log',
  (stack) => {
    templates[stack].allResourcesProperties('AWS::Lambda::Function', {
      TracingConfig: { Mode: 'Active' },
      LoggingConfig: { LogGroup: Match.anyValue() },
    });
  },
);

const behindToken = [
  ...new Set(
    Object.values<Route>(routes)
      .filter(({ access }) => access === 'token')
      .map((route) => route.function),
  ),
];

it.each(behindToken)('lets %s count what its callers use, and only usage tell of it', (name) => {
  const actions = allGrantsOf(name)
    .filter(isUsages)
    .flatMap(({ Action }) => Action);

  const telling = name === 'usage' ? ['dynamodb:Query'] : [];
  expect(actions.sort()).toEqual(['dynamodb:GetItem', ...telling, 'dynamodb:UpdateItem']);
});

it('tells functions the plans of the stage', () => {
  expect(JSON.parse(variablesOf('predict').QUOTAS as string)).toEqual(aStage('staging').quotas);
});
