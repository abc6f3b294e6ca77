import {
  DeleteAlarmsCommand,
  DescribeAlarmHistoryCommand,
  DescribeAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
  SetAlarmStateCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, describe, expect, it } from 'vitest';
import type { AlarmState } from '../../../local/cloudwatch/index.ts';
import { isRemote } from '../../support/endpoint.ts';
import { cloudWatchUnderTest, MINUTE_MS, minutesAfter, put, uniqueNamespace } from './metric-fixtures.ts';

/** The start of a minute; what "now" is, only an emulator can be told. */
const NOW = new Date(Date.UTC(2026, 0, 1, 12));

let nowMs = NOW.getTime();
const changes: Array<[string, AlarmState, AlarmState]> = [];
const { client } = await cloudWatchUnderTest({
  now: () => nowMs,
  onAlarm: ({ name }, from, to) => changes.push([name, from, to]),
});

afterEach(() => {
  nowMs = NOW.getTime();
  changes.length = 0;
});

/** An alarm on the metric `errors` of a namespace of its own, whose name is also the alarm's. */
async function anAlarm(options: Partial<PutMetricAlarmCommandInput> = {}): Promise<string> {
  const name = uniqueNamespace();
  await client.send(
    new PutMetricAlarmCommand({
      AlarmName: name,
      Namespace: name,
      MetricName: 'errors',
      Statistic: 'Average',
      Period: 60,
      EvaluationPeriods: 1,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      ...options,
    }),
  );
  return name;
}

const describeAlarm = async (name: string) => {
  const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name] }));
  return MetricAlarms?.[0];
};

const stateOf = async (name: string) => (await describeAlarm(name))?.StateValue;

/** Measures so many minutes ago: the last whole period is 1. */
const measure = (namespace: string, minutesAgo: number, Value: number) =>
  put(client, namespace, { MetricName: 'errors', Value, Timestamp: minutesAfter(NOW, -minutesAgo) });

describe('an alarm', () => {
  it('is described in the words it was made with', async () => {
    const name = await anAlarm({
      AlarmDescription: 'too many errors',
      AlarmActions: ['arn:aws:sns:us-east-1:000000000000:ops'],
    });

    expect(await describeAlarm(name)).toMatchObject({
      AlarmName: name,
      AlarmArn: expect.stringMatching(/^arn:aws:cloudwatch:us-east-1:\d{12}:alarm:/),
      AlarmDescription: 'too many errors',
      AlarmActions: ['arn:aws:sns:us-east-1:000000000000:ops'],
      ActionsEnabled: true,
      MetricName: 'errors',
      Statistic: 'Average',
      Period: 60,
      Threshold: 5,
      ComparisonOperator: 'GreaterThanThreshold',
      StateValue: 'INSUFFICIENT_DATA',
    });
  });

  it('is found by the start of its name, and by its state', async () => {
    const name = await anAlarm();

    const byPrefix = await client.send(new DescribeAlarmsCommand({ AlarmNamePrefix: name.slice(0, -1) }));
    const byState = await client.send(new DescribeAlarmsCommand({ AlarmNames: [name], StateValue: 'ALARM' }));

    expect(byPrefix.MetricAlarms?.map(({ AlarmName }) => AlarmName)).toEqual([name]);
    expect(byState.MetricAlarms).toEqual([]);
  });

  it('is gone once deleted', async () => {
    const name = await anAlarm();

    await client.send(new DeleteAlarmsCommand({ AlarmNames: [name] }));

    expect(await describeAlarm(name)).toBeUndefined();
  });

  it('takes a state by hand, for a while', async () => {
    const name = await anAlarm({ TreatMissingData: 'notBreaching' });

    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'a drill' }));

    expect(await describeAlarm(name)).toMatchObject({ StateValue: 'ALARM', StateReason: 'a drill' });
  });

  it('cannot be set to a state before it exists', async () => {
    const error = await client
      .send(new SetAlarmStateCommand({ AlarmName: uniqueNamespace(), StateValue: 'ALARM', StateReason: 'a drill' }))
      .catch((e) => e);

    expect(error.name).toMatch(/^ResourceNotFound/);
  });

  it('has a history of its changes, the newest first', async () => {
    const name = await anAlarm();
    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'a drill' }));

    const { AlarmHistoryItems } = await client.send(
      new DescribeAlarmHistoryCommand({ AlarmName: name, HistoryItemType: 'StateUpdate' }),
    );

    expect(AlarmHistoryItems?.[0]).toMatchObject({
      AlarmName: name,
      HistoryItemType: 'StateUpdate',
      HistorySummary: 'Alarm updated from INSUFFICIENT_DATA to ALARM',
    });
  });

  it.each<[string, Partial<PutMetricAlarmCommandInput>]>([
    ['an unknown treatment of missing data', { TreatMissingData: 'maybe' }],
    ['an unknown comparison', { ComparisonOperator: 'NotEqual' as never }],
    ['more datapoints than periods', { EvaluationPeriods: 2, DatapointsToAlarm: 3 }],
    ['a period of seven seconds', { Period: 7 }],
  ])('is refused with %s', async (_, options) => {
    const error = await anAlarm(options).catch((e) => e);

    expect(error.name).toMatch(/^(Validation|InvalidParameter)/);
  });
});

describe.skipIf(isRemote)('an alarm over time', () => {
  /**
   * The tables of https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html, for an
   * evaluation range of 5. Oldest first: 0 is within the threshold, X breaches it, - is missing; a question mark is
   * "retain current state".
   */
  it.each([
    [3, '0 - X - X', ['OK', 'OK', 'OK', 'OK']],
    [3, '0 - - - -', ['OK', 'OK', 'OK', 'OK']],
    [3, '- - - - -', ['INSUFFICIENT_DATA', '?', 'ALARM', 'OK']],
    [3, '0 X X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [3, '- - X - -', ['ALARM', '?', 'ALARM', 'OK']],
    [3, '- - - - X', ['INSUFFICIENT_DATA', '?', 'ALARM', 'OK']],
    [2, '0 - X - X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [2, '0 0 X 0 X', ['ALARM', 'ALARM', 'ALARM', 'ALARM']],
    [2, '0 - X - -', ['OK', 'OK', 'ALARM', 'OK']],
    [2, '- - - - 0', ['OK', 'OK', 'ALARM', 'OK']],
    [2, '- - - X -', ['ALARM', '?', 'ALARM', 'OK']],
  ])('with %d out of 3 judges %s as AWS documents', async (DatapointsToAlarm, data, expected) => {
    const states = [];

    for (const TreatMissingData of ['missing', 'ignore', 'breaching', 'notBreaching']) {
      const name = await anAlarm({ EvaluationPeriods: 3, DatapointsToAlarm, TreatMissingData });
      for (const [i, point] of data.split(' ').entries()) {
        if (point !== '-') await measure(name, 5 - i, point === 'X' ? 9 : 1);
      }
      const state = await stateOf(name);
      const isRetained = TreatMissingData === 'ignore' && state === 'INSUFFICIENT_DATA';
      states.push(isRetained ? '?' : state);
    }

    expect(states).toEqual(expected);
  });

  it.each([
    ['GreaterThanThreshold', ['OK', 'OK', 'ALARM']],
    ['GreaterThanOrEqualToThreshold', ['OK', 'ALARM', 'ALARM']],
    ['LessThanThreshold', ['ALARM', 'OK', 'OK']],
    ['LessThanOrEqualToThreshold', ['ALARM', 'ALARM', 'OK']],
  ] as const)('compares by %s', async (ComparisonOperator, expected) => {
    const states = [];

    for (const value of [4, 5, 6]) {
      const name = await anAlarm({ ComparisonOperator });
      await measure(name, 1, value);
      states.push(await stateOf(name));
    }

    expect(states).toEqual(expected);
  });

  it('watches a percentile', async () => {
    const name = await anAlarm({ Statistic: undefined, ExtendedStatistic: 'p90', Threshold: 90 });
    const Timestamp = minutesAfter(NOW, -1);

    await put(client, name, { MetricName: 'errors', Values: Array.from({ length: 100 }, (_, i) => i + 1), Timestamp });
    const within = await stateOf(name);
    await put(client, name, { MetricName: 'errors', Values: [100], Counts: [20], Timestamp });

    expect(within).toBe('OK');
    expect(await stateOf(name)).toBe('ALARM');
  });

  it('watches the metric of a single query, as CDK writes one with a label', async () => {
    const name = uniqueNamespace();
    const Metric = { Namespace: name, MetricName: 'errors' };
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Metrics: [{ Id: 'm1', Label: 'errors', ReturnData: true, MetricStat: { Metric, Period: 60, Stat: 'Sum' } }],
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
      }),
    );

    await measure(name, 1, 6);

    expect(await stateOf(name)).toBe('ALARM');
  });

  it('goes on a sum that is already too high before its period has ended', async () => {
    const sum = await anAlarm({ Statistic: 'Sum', TreatMissingData: 'notBreaching' });
    const average = await anAlarm({ Statistic: 'Average', TreatMissingData: 'notBreaching' });
    for (const name of [sum, average]) await measure(name, 0, 6);

    expect(await stateOf(sum)).toBe('ALARM');
    expect(await stateOf(average)).toBe('OK');
    nowMs += MINUTE_MS;
    expect(await stateOf(average)).toBe('ALARM');
  });

  it('waits for the end of a period whose sum is still too low', async () => {
    const name = await anAlarm({
      Statistic: 'Sum',
      ComparisonOperator: 'LessThanThreshold',
      TreatMissingData: 'ignore',
    });
    await measure(name, 0, 1);

    const during = await stateOf(name);
    nowMs += MINUTE_MS;

    expect(during).toBe('INSUFFICIENT_DATA');
    expect(await stateOf(name)).toBe('ALARM');
  });

  it('tells of each change once, with the state before and after', async () => {
    const name = await anAlarm({ TreatMissingData: 'notBreaching' });
    await measure(name, 1, 9);

    await stateOf(name);
    await stateOf(name);
    nowMs += 3 * MINUTE_MS;
    await stateOf(name);

    expect(changes.filter(([changed]) => changed === name)).toEqual([
      [name, 'INSUFFICIENT_DATA', 'ALARM'],
      [name, 'ALARM', 'OK'],
    ]);
  });

  it('is evaluated every second without being asked', async () => {
    const name = await anAlarm();
    await measure(name, 1, 9);

    await expect
      .poll(() => changes.filter(([changed]) => changed === name), { timeout: 3000 })
      .toEqual([[name, 'INSUFFICIENT_DATA', 'ALARM']]);
  });

  it('leaves a state set by hand after ten seconds', async () => {
    const name = await anAlarm({ TreatMissingData: 'notBreaching' });
    await client.send(new SetAlarmStateCommand({ AlarmName: name, StateValue: 'ALARM', StateReason: 'a drill' }));

    nowMs += 10_000;

    expect(await stateOf(name)).toBe('OK');
  });

  it('keeps its state when it is put anew, until it is evaluated', async () => {
    const name = await anAlarm({ TreatMissingData: 'ignore' });
    await measure(name, 1, 9);
    await stateOf(name);
    nowMs += 60 * MINUTE_MS;

    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: name,
        Namespace: name,
        MetricName: 'errors',
        Statistic: 'Sum',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    );

    expect(await describeAlarm(name)).toMatchObject({ StateValue: 'ALARM', Statistic: 'Sum' });
  });

  it.each([
    ['metric math', [{ Id: 'e1', Expression: 'errors / requests' }]],
    [
      'two metrics',
      ['m1', 'm2'].map((Id) => ({
        Id,
        MetricStat: { Metric: { Namespace: 'n', MetricName: Id }, Period: 60, Stat: 'Sum' },
      })),
    ],
  ])('says that %s is not emulated', async (_, Metrics) => {
    const error = await client
      .send(
        new PutMetricAlarmCommand({
          AlarmName: uniqueNamespace(),
          Metrics,
          EvaluationPeriods: 1,
          Threshold: 5,
          ComparisonOperator: 'GreaterThanThreshold',
        }),
      )
      .catch((e) => e);

    expect(error.name).toBe('ValidationException');
    expect(error.message).toMatch(/no metric math/);
  });
});
