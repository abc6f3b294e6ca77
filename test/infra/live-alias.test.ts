import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Size, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { LiveAlias } from '../../lib/constructs/live-alias.ts';
import { ZipFunction } from '../../lib/constructs/zip-function.ts';
import { aStage, functionOf, synthesised } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const templates = synthesised(aStage('production'));
const { inference } = templates;

function theOnly(template: Template, type: string) {
  const found = Object.entries(template.findResources(type));
  expect(found).toHaveLength(1);
  return { id: found[0]![0], resource: found[0]![1] };
}

describe('predict', () => {
  const { id: aliasId, resource: alias } = theOnly(inference, 'AWS::Lambda::Alias');
  const { id: versionId, resource: version } = theOnly(inference, 'AWS::Lambda::Version');
  const { id: groupId, resource: group } = theOnly(inference, 'AWS::CodeDeploy::DeploymentGroup');
  const alarms = inference.findResources('AWS::CloudWatch::Alarm');
  const alarmOf = (what: string) =>
    Object.values(alarms).find(({ Properties }) => Properties.AlarmName === `kilat-production-predict-${what}`)!
      .Properties;

  it('is live at its newest version, and keeps those before it to go back to', () => {
    expect(alias.Properties).toMatchObject({
      Name: 'live',
      FunctionVersion: { 'Fn::GetAtt': [versionId, 'Version'] },
    });
    expect(version).toMatchObject({ DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  });

  it('is known to other stacks by the alias alone, so that the gateway can call nothing else', () => {
    const { PredictFunction: _toldToPeople, ...outputs } = inference.findOutputs('*');
    const toPredict = Object.values(outputs).filter(({ Value }) => JSON.stringify(Value).includes('Predict'));

    expect(toPredict.map(({ Value }) => Value)).toEqual([{ Ref: aliasId }]);
  });

  it('keeps its reserved concurrency over all versions', () => {
    expect(functionOf(templates, 'predict')).toMatchObject({ ReservedConcurrentExecutions: 50 });
  });

  it('takes over a tenth of the traffic for five minutes in production, and goes back on every alarm', () => {
    expect(alias.UpdatePolicy.CodeDeployLambdaAliasUpdate.DeploymentGroupName).toEqual({ Ref: groupId });
    expect(group.Properties).toMatchObject({
      DeploymentConfigName: 'CodeDeployDefault.LambdaCanary10Percent5Minutes',
      AutoRollbackConfiguration: { Enabled: true, Events: expect.arrayContaining(['DEPLOYMENT_STOP_ON_ALARM']) },
      AlarmConfiguration: { Enabled: true, Alarms: Object.keys(alarms).map((id) => ({ Name: { Ref: id } })) },
    });
  });

  it('takes over all at once in staging', () => {
    synthesised(aStage('staging')).inference.hasResourceProperties('AWS::CodeDeploy::DeploymentGroup', {
      DeploymentConfigName: 'CodeDeployDefault.LambdaAllAtOnce',
    });
  });

  it('has three alarms, which stay quiet where nobody calls', () => {
    expect(Object.values(alarms).map(({ Properties }) => Properties.AlarmName)).toEqual([
      'kilat-production-predict-errors',
      'kilat-production-predict-latency',
      'kilat-production-predict-throttles',
    ]);
    inference.allResourcesProperties('AWS::CloudWatch::Alarm', { TreatMissingData: 'notBreaching' });
  });

  it('is judged by the errors and the latency of the new version, not of both that the alias leads to', () => {
    const ofVersion = { Name: 'ExecutedVersion', Value: { 'Fn::GetAtt': [versionId, 'Version'] } };

    const [, errors, invocations] = alarmOf('errors').Metrics;
    expect(errors.MetricStat.Metric.Dimensions).toContainEqual(ofVersion);
    expect(invocations.MetricStat.Metric.Dimensions).toContainEqual(ofVersion);
    expect(alarmOf('latency')).toMatchObject({ ExtendedStatistic: 'p99', Threshold: 5000 });
    expect(alarmOf('latency').Dimensions).toContainEqual(ofVersion);
  });

  it('lets CodeDeploy move this alias and read these alarms, and do nothing else', () => {
    const deployer = Object.values(inference.findResources('AWS::IAM::Role')).find(({ Properties }) =>
      JSON.stringify(Properties.AssumeRolePolicyDocument).includes('codedeploy.amazonaws.com'),
    )!.Properties;

    expect(deployer.ManagedPolicyArns).toBeUndefined();
    expect(JSON.stringify(deployer.Policies)).not.toContain('*');
    expect(deployer.Policies[0].PolicyDocument.Statement.flatMap(({ Action }: { Action: string }) => Action)).toEqual([
      'lambda:GetAlias',
      'lambda:GetProvisionedConcurrencyConfig',
      'lambda:UpdateAlias',
      'cloudwatch:DescribeAlarms',
    ]);
  });
});

interface Changes {
  readonly code?: string;
  readonly table?: string;
  readonly memory?: number;
  readonly concurrency?: number;
  readonly tags?: Record<string, string>;
}

/** The logical id of the version: CloudFormation publishes another when, and only when, it is another. */
function versionOf({ code = 'export const handler = 1', table = 'history', memory, concurrency, tags = {} }: Changes) {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'index.mjs'), code);
  const stack = new Stack(new App({ outdir: temporaryFolder() }), 'Stack', { tags });
  const stage = aStage('staging');
  const fn = new ZipFunction(stack, 'History', {
    name: 'history',
    folder,
    stage,
    description: 'shows predictions',
    ...(memory ? { memory: Size.mebibytes(memory) } : {}),
    ...(concurrency ? { concurrency } : {}),
  }).use('HISTORY_TABLE', table);
  fn.use('QUOTAS', JSON.stringify(stage.quotas)).use('USAGE_TABLE', 'usage-table');
  new LiveAlias(stack, 'Live', { fn, stage });
  return theOnly(Template.fromStack(stack), 'AWS::Lambda::Version').id;
}

describe('a version', () => {
  it.each([
    ['code', { code: 'export const handler = 2' }],
    ['environment', { table: 'cells' }],
    ['memory', { memory: 512 }],
  ])('is published when the %s changes', (_, changes) => {
    expect(versionOf(changes)).not.toBe(versionOf({}));
  });

  it.each([
    ['nothing', {}],
    ['what is reserved for the function', { concurrency: 3 }],
    ['a tag', { tags: { team: 'vision' } }],
  ])('stays when %s changes', (_, changes) => {
    expect(versionOf(changes)).toBe(versionOf({}));
  });
});
