import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { literalText } from '../../lib/checks/literal-text.ts';
import type { Stage } from '../../lib/stage.ts';
import { anApp, aStage, functionOf, synthesised } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface State {
  readonly Type: string;
  readonly Resource?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[]; readonly MaxAttempts: number }[];
  readonly Catch?: readonly { readonly Next: string }[];
  readonly TimeoutSeconds?: number;
  readonly Parameters?: Readonly<Record<string, unknown>>;
  readonly ItemProcessor?: { readonly States: Readonly<Record<string, State>> };
}

const training = (changes: Partial<Stage['training']>): Stage =>
  aStage('staging', { training: { ...aStage('staging').training, ...changes } });

const templates = synthesised(aStage('staging'));
const bySageMaker = synthesised(training({ compute: 'sagemaker', instanceType: 'ml.c5.4xlarge' }));

function statesOf({ training: template }: typeof templates): Readonly<Record<string, State>> {
  const [machine] = Object.values(template.findResources('AWS::StepFunctions::StateMachine'));
  return JSON.parse(literalText(machine!.Properties.DefinitionString)!).States;
}

const trainState = (of: typeof templates): State =>
  Object.values(statesOf(of)['Each candidate']!.ItemProcessor!.States)[0]!;

describe('the state machine of training', () => {
  const states = statesOf(templates);
  const steps = ['snapshot', 'validate', 'evaluate', 'register', 'promote', 'notify'];

  it.each(steps)('has %s tried again with patience, given up in time, and its failure written down', (step) => {
    const { Retry, Catch, TimeoutSeconds } = states[step]!;

    expect(Retry!.at(-1)).toMatchObject({ ErrorEquals: ['States.ALL'], BackoffRate: 2.5, JitterStrategy: 'FULL' });
    expect(Catch!.map(({ Next }) => Next)).toEqual(['fail']);
    expect(TimeoutSeconds).toBeGreaterThan(functionOf(templates, 'train').Timeout);
  });

  it('tries no refusal again', () => {
    expect(states.snapshot!.Retry![0]).toMatchObject({
      ErrorEquals: expect.arrayContaining(['source-not-found', 'not-trainable']),
      MaxAttempts: 0,
    });
  });

  it('is watched: its log without inputs, and its traces', () => {
    templates.training.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
    });
  });
});

describe('the schedules of training', () => {
  it('are one a week for each model, at the function that starts runs', () => {
    templates.training.resourceCountIs('AWS::Scheduler::Schedule', 1);
    templates.training.hasResourceProperties('AWS::Scheduler::Schedule', {
      ScheduleExpression: 'cron(0 3 ? * SUN *)',
      Target: Match.objectLike({ Input: '{"schedule":"training","model":"churn"}' }),
    });
  });

  it('are none where the stage names no time', () => {
    const without = synthesised(training({ schedule: undefined }));

    without.training.resourceCountIs('AWS::Scheduler::Schedule', 0);
  });
});

describe('training by SageMaker', () => {
  it('runs the same image as a job for each candidate, and waits for it', () => {
    const { Resource, Parameters } = trainState(bySageMaker);

    expect(Resource).toBe('arn:aws:states:::sagemaker:createTrainingJob.sync');
    expect(Parameters).toMatchObject({
      AlgorithmSpecification: { TrainingInputMode: 'File', ContainerEntrypoint: ['node', '/var/task/train.mjs'] },
      HyperParameters: { 'task.$': 'States.JsonToString($)' },
      ResourceConfig: { InstanceType: 'ml.c5.4xlarge', InstanceCount: 1 },
    });
  });

  it('tells the job what it tells the function', () => {
    const { Environment } = trainState(bySageMaker).Parameters as { Environment: object };
    const { Variables } = functionOf(bySageMaker, 'train').Environment;

    expect(Object.keys(Environment)).toEqual(expect.arrayContaining(Object.keys(Variables)));
  });

  it('passes the checks of synthesis', () => {
    const app = anApp(temporaryFolder(), { stage: training({ compute: 'sagemaker' }), validate: true });

    expect(app.synth().stacks).toHaveLength(6);
  });

  it('leaves the other steps to the function', () => {
    const { Type, Resource } = statesOf(bySageMaker).evaluate!;

    expect([Type, Resource]).toEqual(['Task', statesOf(bySageMaker).snapshot!.Resource]);
  });

  it('is not allowed where functions train', () => {
    const policies = JSON.stringify(templates.training.findResources('AWS::IAM::Policy'));

    expect(policies).not.toContain('sagemaker:');
  });
});
