import { describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-json.ts';
import type { EventBridgeService } from '../../local/eventbridge/index.ts';
import type { ScheduleInput } from '../../local/scheduler/index.ts';
import type { NewStateMachine } from '../../local/stepfunctions/index.ts';
import { applyEventBuses } from '../../local/template/event-buses.ts';
import type { Resource } from '../../local/template/resource.ts';
import { identify } from '../../local/template/resource-types.ts';
import { applySchedules } from '../../local/template/schedules.ts';
import { applyStateMachines } from '../../local/template/state-machines.ts';
import type { JsonObject } from '../../local/template/template.ts';

const aResource = (logicalId: string, properties: JsonObject): Resource => ({
  stackName: 's',
  logicalId,
  type: 'AWS::X::Y',
  physicalName: `s-${logicalId}`,
  ref: logicalId,
  attributes: {},
  properties,
});

describe('state machines', () => {
  const applied = (properties: JsonObject, refusal?: AwsError): NewStateMachine[] => {
    const machines: NewStateMachine[] = [];
    const ensureStateMachine = (machine: NewStateMachine) => {
      if (refusal) throw refusal;
      machines.push(machine);
    };
    applyStateMachines([aResource('Training', { RoleArn: 'role', ...properties })], {
      ...{ ensureStateMachine, startExecution: () => {}, resume: () => {} },
      ...{ url: '', close: async () => {} },
    });
    return machines;
  };

  it('are known by their ARN', () => {
    const identity = identify('AWS::StepFunctions::StateMachine', {
      ...{ stackName: 's', logicalId: 'Training', explicitName: () => undefined },
      addresses: { sqs: '', api: '' },
    });

    const arn = 'arn:aws:states:us-east-1:000000000000:stateMachine:s-Training';
    expect(identity).toMatchObject({ ref: arn, attributes: { Arn: arn, Name: 's-Training' } });
  });

  it('are made of a text or of an object, in which substitutions have their place', () => {
    const substitutions = { DefinitionSubstitutions: { fn: 'arn:f', limit: 3 } };
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: substitutions look like this
    const text = { DefinitionString: '{"a":"${fn}","b":${limit},"c":"${other}"}' };

    expect(applied({ ...text, ...substitutions })[0]).toEqual({
      name: 's-Training',
      definition: '{"a":"arn:f","b":3,"c":"${other}"}',
      roleArn: 'role',
    });
    expect(applied({ Definition: { a: '${fn}' }, ...substitutions })[0]!.definition).toBe('{"a":"arn:f"}');
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: substitutions look like this
  });

  it.each([
    ['express workflows', { DefinitionString: '{}', StateMachineType: 'EXPRESS' }, 'Training: EXPRESS'],
    ['definitions in S3', { DefinitionS3Location: { Bucket: 'b', Key: 'k' } }, 'Training: a definition in S3'],
  ])('refuse %s by name', (_, properties, message) => {
    expect(() => applied(properties)).toThrow(message);
  });

  it('say which of them is refused, and why', () => {
    const refusal = new AwsError('InvalidDefinition', 'the local cloud does not emulate JSONata');

    expect(() => applied({ DefinitionString: '{}' }, refusal)).toThrow(
      'Training: the local cloud does not emulate JSONata',
    );
  });
});

describe('schedules', () => {
  const applied = (properties: JsonObject): ScheduleInput[] => {
    const schedules: ScheduleInput[] = [];
    applySchedules(
      { groups: [], schedules: [aResource('Weekly', properties)] },
      {
        ...{ putGroup: () => {}, putSchedule: (schedule) => schedules.push(schedule) },
        ...{ url: '', close: async () => {} },
      },
    );
    return schedules;
  };

  it('take their moments as text', () => {
    const [schedule] = applied({ ScheduleExpression: 'rate(1 day)', StartDate: '2026-11-20T00:00:00Z' });

    expect(schedule).toEqual({
      Name: 's-Weekly',
      ScheduleExpression: 'rate(1 day)',
      StartDate: Date.UTC(2026, 10, 20) / 1000,
    });
  });
});

describe('rules', () => {
  const nothing = { createBus: () => {}, putRule: () => {} } as unknown as EventBridgeService;
  const queue = { Id: 'q', Arn: 'arn:aws:sqs:us-east-1:000000000000:q' };
  const apply = (target: JsonObject) =>
    applyEventBuses(
      {
        buses: [],
        policies: [],
        rules: [aResource('Nightly', { ScheduleExpression: 'rate(1 day)', Targets: [target] })],
      },
      nothing,
    );

  it.each([
    [queue],
    [{ Id: 'm', Arn: 'arn:aws:states:us-east-1:000000000000:stateMachine:m', RoleArn: 'role' }],
    [{ Id: 'b', Arn: 'arn:aws:events:us-east-1:000000000000:event-bus/b', RoleArn: 'role' }],
  ])('send to %j', (target) => {
    expect(() => apply(target)).not.toThrow();
  });

  it.each([
    [{ Id: 't', Arn: 'arn:aws:sns:us-east-1:000000000000:t' }, 'Nightly: arn:aws:sns'],
    [{ ...queue, KinesisParameters: {} }, 'Nightly: KinesisParameters'],
  ])('refuse %j', (target, message) => {
    expect(() => apply(target)).toThrow(message);
  });
});
