import { type FunctionName, functionEnv } from '@kilat/contracts';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aStage, functionOf, type Statement, statementsOf, synthesised } from '../support/synth.ts';

const templates = synthesised(aStage('staging', { inferenceConcurrency: 7, inferenceArchitecture: 'arm64' }));
const names = Object.keys(functionEnv) as FunctionName[];

const variablesOf = (name: FunctionName) => functionOf(templates, name).Environment.Variables;
const withoutNodes = (keys: string[]) => keys.filter((key) => key !== 'NODE_OPTIONS').sort();

const isPlatforms = ({ Action }: Statement) => /^(logs|xray):/.test([Action].flat()[0]!);
const grantsOf = (name: FunctionName) => statementsOf(templates, name).filter((statement) => !isPlatforms(statement));
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

  it('answers before the gateway gives up', () => {
    expect(functionOf(templates, name).Timeout).toBeLessThan(30);
  });
});

describe('predict', () => {
  it('may add photos, predictions and messages, and ask whether the stores answer', () => {
    expect(actionsOf('predict')).toEqual([
      'dynamodb:GetItem',
      'dynamodb:PutItem',
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
  const images = Object.values(
    templates.inference.findResources('AWS::Lambda::Function', { Properties: { PackageType: 'Image' } }),
  );

  expect(images).toHaveLength(1);
  expect(images.map(({ Properties }) => Properties.Environment.Variables.ORT_DISABLE_TELEMETRY)).toEqual(['1']);
});

it('lets history read the table and its index, and write nothing', () => {
  expect([...new Set(actionsOf('history'))]).toEqual(['dynamodb:GetItem', 'dynamodb:Query']);
  expect(JSON.stringify(grantsOf('history').map(({ Resource }) => Resource))).toContain('/index/by-tenant');
});

it.each(['models', 'platform', 'pre-token'] as const)('lets %s touch no store', (name) => {
  expect(grantsOf(name)).toEqual([]);
});

it.each(['identity', 'inference', 'api'] as const)('limits how long every log of %s is kept', (stack) => {
  const logGroups = Object.values(templates[stack].findResources('AWS::Logs::LogGroup'));

  expect(logGroups.length).toBeGreaterThan(0);
  templates[stack].allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
});

it.each(['identity', 'inference', 'api'] as const)('traces every function of %s, and logs to its own log', (stack) => {
  templates[stack].allResourcesProperties('AWS::Lambda::Function', {
    TracingConfig: { Mode: 'Active' },
    LoggingConfig: { LogGroup: Match.anyValue() },
  });
});
