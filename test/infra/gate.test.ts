import { type App, CfnResource, Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { expect, it } from 'vitest';
import { stageNames } from '../../lib/stage.ts';
import { anApp, aStage } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

it('stops a bucket that may be read without TLS, and a property that CloudFormation does not know', () => {
  const app = anApp(temporaryFolder(), { validate: true });
  const planted = new Stack(app, 'Planted');
  new Bucket(planted, 'Bucket');
  new CfnResource(planted, 'Queue', { type: 'AWS::SQS::Queue', properties: { VisibilityTimeOut: 30 } });

  const refusal = refusalOf(app);

  expect(refusal).toContain('AwsSolutions-S10');
  expect(refusal).toContain("'VisibilityTimeOut' was unexpected");
});

it.each(stageNames)('lets the stacks of %s through, in the order of deployment', (name) => {
  const { stacks } = anApp(temporaryFolder(), { stage: aStage(name), validate: true }).synth();

  const place = (id: string) => stacks.findIndex(({ stackName }) => stackName === `kilat-${name}-${id}`);
  expect(stacks).toHaveLength(6);
  expect(place('inference')).toBeGreaterThan(place('storage'));
  expect(place('jobs')).toBeGreaterThan(place('storage'));
  expect(place('training')).toBeGreaterThan(place('jobs'));
  expect(place('api')).toBeGreaterThan(Math.max(place('identity'), place('inference'), place('training')));
});

function refusalOf(app: App): string {
  try {
    app.synth();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was refused');
}
