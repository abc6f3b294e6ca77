import { GetMetricDataCommand, GetMetricStatisticsCommand, ListMetricsCommand } from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { cloudWatchUnderTest, uniqueNamespace } from './metric-fixtures.ts';

/** The example of the embedded metric format specification, and the time it was logged. */
const EXAMPLE_AT_MS = 1574109732004;
const EXAMPLE = {
  _aws: {
    Timestamp: EXAMPLE_AT_MS,
    CloudWatchMetrics: [
      {
        Namespace: 'lambda-function-metrics',
        Dimensions: [['functionVersion']],
        Metrics: [{ Name: 'time', Unit: 'Milliseconds', StorageResolution: 60 }],
      },
    ],
  },
  functionVersion: '$LATEST',
  time: 100,
  requestId: '989ffbf8-9ace-4817-a57c-e4dd734019ee',
};

const { client, local } = await cloudWatchUnderTest({ now: () => EXAMPLE_AT_MS });

const aLine = (directive: object, targets: object) =>
  JSON.stringify({ _aws: { Timestamp: EXAMPLE_AT_MS, CloudWatchMetrics: [directive] }, ...targets });

const metricsOf = async (Namespace: string) => {
  const { Metrics } = await client.send(new ListMetricsCommand({ Namespace }));
  return (Metrics ?? []).map(({ MetricName, Dimensions }) => [
    MetricName,
    (Dimensions ?? []).map(({ Name, Value }) => `${Name}=${Value}`).sort(),
  ]);
};

const sumOf = async (Namespace: string, MetricName: string) => {
  const { MetricDataResults } = await client.send(
    new GetMetricDataCommand({
      StartTime: new Date(EXAMPLE_AT_MS - 3_600_000),
      EndTime: new Date(EXAMPLE_AT_MS + 3_600_000),
      MetricDataQueries: [{ Id: 'q', MetricStat: { Metric: { Namespace, MetricName }, Period: 60, Stat: 'Sum' } }],
    }),
  );
  return MetricDataResults?.[0]?.Values;
};

describe.skipIf(isRemote)('a line in the embedded metric format', () => {
  it('becomes the metric that the specification says', async () => {
    expect(local.ingestEmf(JSON.stringify(EXAMPLE))).toBe(true);

    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'lambda-function-metrics',
        MetricName: 'time',
        Dimensions: [{ Name: 'functionVersion', Value: '$LATEST' }],
        StartTime: new Date(EXAMPLE_AT_MS - 60_000),
        EndTime: new Date(EXAMPLE_AT_MS + 60_000),
        Period: 60,
        Statistics: ['Sum', 'SampleCount'],
      }),
    );
    // 1574109732004 is 20:42:12.004; the point belongs to its minute.
    const minute = new Date('2019-11-18T20:42:00Z');
    expect(Datapoints).toEqual([{ Timestamp: minute, Unit: 'Milliseconds', Sum: 100, SampleCount: 1 }]);
  });

  it('measures each metric once for every set of dimensions', async () => {
    const Namespace = uniqueNamespace();

    local.ingestEmf(
      aLine(
        { Namespace, Dimensions: [['service'], ['service', 'model'], []], Metrics: [{ Name: 'requests' }] },
        { service: 'predict', model: 'signs', requests: 1 },
      ),
    );

    expect(await metricsOf(Namespace)).toEqual([
      ['requests', ['service=predict']],
      ['requests', ['model=signs', 'service=predict']],
      ['requests', []],
    ]);
  });

  it('takes every value of an array', async () => {
    const Namespace = uniqueNamespace();

    local.ingestEmf(aLine({ Namespace, Dimensions: [[]], Metrics: [{ Name: 'latency' }] }, { latency: [1, 2, 3.5] }));

    expect(await sumOf(Namespace, 'latency')).toEqual([6.5]);
  });

  it('is measured without dimensions when it names no set of them', async () => {
    const Namespace = uniqueNamespace();

    local.ingestEmf(aLine({ Namespace, Dimensions: [], Metrics: [{ Name: 'latency' }] }, { latency: 4 }));

    expect(await sumOf(Namespace, 'latency')).toEqual([4]);
  });

  it('leaves out metrics and dimension sets whose targets are missing or of the wrong type', async () => {
    const Namespace = uniqueNamespace();
    const Metrics = ['good', 'missing', 'text', 'mixed'].map((Name) => ({ Name }));
    const Dimensions = [['service'], ['service', 'absent'], ['number']];

    const isEmf = local.ingestEmf(
      aLine(
        { Namespace, Dimensions, Metrics },
        { service: 'predict', number: 7, good: 1, text: 'fast', mixed: [1, 'b'] },
      ),
    );

    expect(isEmf).toBe(true);
    expect(await metricsOf(Namespace)).toEqual([['good', ['service=predict']]]);
  });

  it.each([
    ['plain text', 'START RequestId: 1 Version: $LATEST'],
    ['a log record', '{"level":"INFO","message":"inference completed"}'],
    ['text around the document', `prefix ${JSON.stringify(EXAMPLE)}`],
    ['half a document', JSON.stringify(EXAMPLE).slice(0, -20)],
    ['an array', '["_aws"]'],
    ['null', 'null'],
    ['no metadata', '{"_aws":null}'],
    ['a time in words', JSON.stringify({ _aws: { ...EXAMPLE._aws, Timestamp: 'yesterday' }, time: 1 })],
    ['no directives', '{"_aws":{"Timestamp":1574109732004}}'],
    ['a directive without a namespace', aLine({ Dimensions: [[]], Metrics: [{ Name: 'a' }] }, { a: 1 })],
    ['dimensions that are no lists', aLine({ Namespace: 'n', Dimensions: ['a'], Metrics: [{ Name: 'a' }] }, { a: 1 })],
    ['a metric without a name', aLine({ Namespace: 'n', Dimensions: [[]], Metrics: [{ Unit: 'Count' }] }, { a: 1 })],
    [
      'an unknown unit',
      aLine({ Namespace: 'n', Dimensions: [[]], Metrics: [{ Name: 'a', Unit: 'Furlongs' }] }, { a: 1 }),
    ],
  ])('is not %s', (_, line) => {
    expect(local.ingestEmf(line)).toBe(false);
  });

  it('is none until its last character', () => {
    const line = JSON.stringify(EXAMPLE);

    const accepted = Array.from(line, (_, length) => local.ingestEmf(line.slice(0, length)));

    expect(accepted).not.toContain(true);
  });

  it('cannot crash the host with a value beyond all numbers', () => {
    const line = aLine({ Namespace: 'n', Dimensions: [[]], Metrics: [{ Name: 'a' }] }, { a: 'huge' }).replace(
      '"huge"',
      '1e999',
    );

    expect(local.ingestEmf(line)).toBe(true);
  });
});
