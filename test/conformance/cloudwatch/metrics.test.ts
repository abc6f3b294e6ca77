import {
  CloudWatchClient,
  GetMetricDataCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  type MetricDatum,
  type MetricStat,
} from '@aws-sdk/client-cloudwatch';
import { describe, expect, it } from 'vitest';
import { clientConfig } from '../../support/endpoint.ts';
import { anHourAgo, cloudWatchUnderTest, minutesAfter, put, uniqueNamespace } from './metric-fixtures.ts';

const { client, url } = await cloudWatchUnderTest();

const dimension = (Name: string, Value: string) => ({ Name, Value });

/** What GetMetricStatistics says of the metric `latency`, in the hour from `start`. */
async function statisticsOf(Namespace: string, start: Date, options: object) {
  const { Datapoints } = await client.send(
    new GetMetricStatisticsCommand({
      Namespace,
      MetricName: 'latency',
      StartTime: start,
      EndTime: minutesAfter(start, 60),
      Period: 60,
      ...options,
    }),
  );
  return (Datapoints ?? []).sort((a, b) => Number(a.Timestamp) - Number(b.Timestamp));
}

const latency = (datum: Partial<MetricDatum>): MetricDatum => ({ MetricName: 'latency', ...datum });

describe('GetMetricStatistics', () => {
  it('gives every statistic of single values', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    await put(
      client,
      namespace,
      ...[3, 1, 8].map((Value) => latency({ Value, Timestamp: start, Unit: 'Milliseconds' })),
    );

    const [datapoint] = await statisticsOf(namespace, start, {
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    });

    expect(datapoint).toEqual({
      Timestamp: start,
      Unit: 'Milliseconds',
      SampleCount: 3,
      Sum: 12,
      Average: 4,
      Minimum: 1,
      Maximum: 8,
    });
  });

  it('counts a value as often as it was seen', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    await put(client, namespace, latency({ Values: [10, 20], Counts: [3, 1], Timestamp: start }));

    const [datapoint] = await statisticsOf(namespace, start, { Statistics: ['SampleCount', 'Sum', 'Average'] });

    expect(datapoint).toMatchObject({ SampleCount: 4, Sum: 50, Average: 12.5 });
  });

  it('adds statistic sets up', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    const sets = [
      { SampleCount: 2, Sum: 30, Minimum: 10, Maximum: 20 },
      { SampleCount: 3, Sum: 15, Minimum: 1, Maximum: 9 },
    ];
    await put(client, namespace, ...sets.map((StatisticValues) => latency({ StatisticValues, Timestamp: start })));

    const [datapoint] = await statisticsOf(namespace, start, {
      Statistics: ['SampleCount', 'Sum', 'Average', 'Minimum', 'Maximum'],
    });

    expect(datapoint).toMatchObject({ SampleCount: 5, Sum: 45, Average: 9, Minimum: 1, Maximum: 20 });
  });

  it('gives percentiles', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    const Values = Array.from({ length: 100 }, (_, i) => i + 1);
    await put(client, namespace, latency({ Values, Timestamp: start }));

    const [datapoint] = await statisticsOf(namespace, start, { ExtendedStatistics: ['p50', 'p95', 'p99.9', 'p100'] });

    // CloudWatch estimates percentiles; the emulator's are the nearest rank.
    expect(Math.abs((datapoint?.ExtendedStatistics?.p50 ?? 0) - 50)).toBeLessThanOrEqual(1);
    expect(Math.abs((datapoint?.ExtendedStatistics?.p95 ?? 0) - 95)).toBeLessThanOrEqual(1);
    expect(Math.abs((datapoint?.ExtendedStatistics?.['p99.9'] ?? 0) - 100)).toBeLessThanOrEqual(1);
    expect(datapoint?.ExtendedStatistics?.p100).toBe(100);
  });

  it('groups by period from the start time, and leaves empty periods out', async () => {
    const namespace = uniqueNamespace();
    const start = minutesAfter(anHourAgo(), 1);
    const at = (minutes: number, Value: number) => latency({ Value, Timestamp: minutesAfter(start, minutes) });
    await put(client, namespace, at(0, 1), at(1.99, 2), at(2, 3), at(7, 4));

    const datapoints = await statisticsOf(namespace, start, { Period: 120, Statistics: ['Sum'] });

    expect(datapoints.map(({ Timestamp, Sum }) => [Timestamp, Sum])).toEqual([
      [start, 3],
      [minutesAfter(start, 2), 3],
      [minutesAfter(start, 6), 4],
    ]);
  });

  it('takes the start time in and the end time out', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    for (const minutes of [-1, 0, 1, 2]) {
      await put(client, namespace, latency({ Value: minutes, Timestamp: minutesAfter(start, minutes) }));
    }

    const datapoints = await statisticsOf(namespace, start, { EndTime: minutesAfter(start, 2), Statistics: ['Sum'] });

    expect(datapoints.map(({ Sum }) => Sum)).toEqual([0, 1]);
  });

  it('knows a metric by all of its dimensions, in any order', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    const both = [dimension('model', 'signs'), dimension('version', '3')];
    await put(
      client,
      namespace,
      latency({ Value: 1, Timestamp: start }),
      latency({ Value: 2, Timestamp: start, Dimensions: [dimension('model', 'signs')] }),
      latency({ Value: 4, Timestamp: start, Dimensions: both }),
    );
    const sum = async (Dimensions: typeof both) =>
      (await statisticsOf(namespace, start, { Dimensions, Statistics: ['Sum'] })).map(({ Sum }) => Sum);

    expect(await sum([])).toEqual([1]);
    expect(await sum([dimension('model', 'signs')])).toEqual([2]);
    expect(await sum(both.toReversed())).toEqual([4]);
    expect(await sum([dimension('model', 'churn')])).toEqual([]);
  });

  it('gives only what was measured in the unit that is asked for', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    await put(
      client,
      namespace,
      latency({ Value: 5, Timestamp: start, Unit: 'Milliseconds' }),
      latency({ Value: 2, Timestamp: start, Unit: 'Seconds' }),
    );

    const datapoints = await statisticsOf(namespace, start, { Unit: 'Seconds', Statistics: ['Sum'] });

    expect(datapoints).toMatchObject([{ Unit: 'Seconds', Sum: 2 }]);
  });

  it('sees single seconds of a metric of high resolution', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    const at = (seconds: number) => new Date(start.getTime() + seconds * 1000);
    await put(
      client,
      namespace,
      ...[0, 4, 5].map((s) => latency({ Value: 1, Timestamp: at(s), StorageResolution: 1 })),
    );

    const datapoints = await statisticsOf(namespace, start, {
      Period: 5,
      EndTime: minutesAfter(start, 1),
      Statistics: ['Sum'],
    });

    expect(datapoints.map(({ Timestamp, Sum }) => [Timestamp, Sum])).toEqual([
      [at(0), 2],
      [at(5), 1],
    ]);
  });

  it.each([
    ['no statistic at all', {}, 'InvalidParameterCombination'],
    ['a period of seven seconds', { Period: 7, Statistics: ['Sum'] }, 'InvalidParameterValue'],
    ['an end before the start', { EndTime: new Date(0), Statistics: ['Sum'] }, 'InvalidParameterValue'],
    [
      'more than 1,440 datapoints',
      { StartTime: new Date(Date.now() - 2 * 86_400_000), Statistics: ['Sum'] },
      'InvalidParameterCombination',
    ],
  ])('refuses %s', async (_, options, code) => {
    const error = await statisticsOf(uniqueNamespace(), anHourAgo(), options).catch((e) => e);

    expect(error.name).toContain(code);
  });
});

describe('GetMetricData', () => {
  const query = (Id: string, Namespace: string, stat: Partial<MetricStat> = {}) => ({
    Id,
    MetricStat: { Metric: { Namespace, MetricName: 'latency' }, Period: 60, Stat: 'Sum', ...stat },
  });

  it('answers many queries, each by its id and label', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    await put(client, namespace, latency({ Values: [1, 2, 3], Timestamp: start }));

    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: start,
        EndTime: minutesAfter(start, 5),
        MetricDataQueries: [
          { ...query('total', namespace), Label: 'in all' },
          query('mean', namespace, { Stat: 'Average' }),
          { ...query('hidden', namespace), ReturnData: false },
          query('none', uniqueNamespace()),
        ],
      }),
    );

    expect(MetricDataResults?.map(({ Id, Values }) => [Id, Values])).toEqual([
      ['total', [6]],
      ['mean', [2]],
      ['none', []],
    ]);
    expect(MetricDataResults?.[0]).toMatchObject({ Label: 'in all', StatusCode: 'Complete', Timestamps: [start] });
  });

  it('gives the oldest first when asked to', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    for (const minutes of [0, 1, 3]) {
      await put(client, namespace, latency({ Value: minutes, Timestamp: minutesAfter(start, minutes) }));
    }

    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: start,
        EndTime: minutesAfter(start, 5),
        MetricDataQueries: [query('q', namespace)],
        ScanBy: 'TimestampAscending',
      }),
    );

    expect(MetricDataResults?.[0]?.Values).toEqual([0, 1, 3]);
  });

  it('gives the newest first otherwise', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    for (const minutes of [0, 1, 3]) {
      await put(client, namespace, latency({ Value: minutes, Timestamp: minutesAfter(start, minutes) }));
    }

    const { MetricDataResults } = await client.send(
      new GetMetricDataCommand({
        StartTime: start,
        EndTime: minutesAfter(start, 5),
        MetricDataQueries: [query('q', namespace)],
      }),
    );

    expect(MetricDataResults?.[0]?.Values).toEqual([3, 1, 0]);
  });

  it.each([
    ['an id with a capital', { ...query('Total', 'n') }],
    ['an unknown statistic', { ...query('q', 'n', { Stat: 'Median' }) }],
  ])('refuses %s', async (_, refused) => {
    const start = anHourAgo();

    const error = await client
      .send(
        new GetMetricDataCommand({ StartTime: start, EndTime: minutesAfter(start, 5), MetricDataQueries: [refused] }),
      )
      .catch((e) => e);

    expect(error.name).toMatch(/^Validation/);
  });
});

describe('PutMetricData', () => {
  const aSet = { SampleCount: 1, Sum: 1, Minimum: 1, Maximum: 1 };

  it('takes a compressed body', async () => {
    const namespace = uniqueNamespace();
    const start = anHourAgo();
    const compressing = new CloudWatchClient({ ...clientConfig(url), requestMinCompressionSizeBytes: 100 });
    let encoding: unknown;
    compressing.middlewareStack.add(
      (next) => (args) => {
        encoding = (args.request as { headers: Record<string, string> }).headers['content-encoding'];
        return next(args);
      },
      { step: 'finalizeRequest', priority: 'low' },
    );

    await put(compressing, namespace, latency({ Values: Array.from({ length: 150 }, (_, i) => i), Timestamp: start }));

    const [datapoint] = await statisticsOf(namespace, start, { Statistics: ['SampleCount'] });
    compressing.destroy();
    expect(encoding).toBe('gzip');
    expect(datapoint?.SampleCount).toBe(150);
  });

  it.each<[string, Partial<MetricDatum>, string]>([
    ['an unknown unit', { Value: 1, Unit: 'Lightyears' as never }, 'InvalidParameterValue'],
    ['NaN', { Value: Number.NaN }, 'InvalidParameterValue'],
    ['no value', {}, 'MissingRequiredParameter'],
    ['a value beside values', { Value: 1, Values: [1] }, 'InvalidParameterValue'],
    ['a value beside a statistic set', { Value: 1, StatisticValues: aSet }, 'InvalidParameterCombination'],
    ['counts that match no value', { Values: [1, 2], Counts: [1] }, 'InvalidParameterValue'],
    ['151 values', { Values: Array(151).fill(1) }, 'InvalidParameterValue'],
    ['a resolution of 30 seconds', { Value: 1, StorageResolution: 30 }, 'InvalidParameterValue'],
    [
      'a time over two weeks ago',
      { Value: 1, Timestamp: new Date(Date.now() - 15 * 86_400_000) },
      'InvalidParameterValue',
    ],
    [
      'a time over two hours ahead',
      { Value: 1, Timestamp: new Date(Date.now() + 3 * 3_600_000) },
      'InvalidParameterValue',
    ],
  ])('refuses %s', async (_, datum, code) => {
    const error = await put(client, uniqueNamespace(), latency(datum)).catch((e) => e);

    expect(error.name).toContain(code);
  });

  it('leaves the namespaces of AWS to AWS', async () => {
    const error = await put(client, 'AWS/Lambda', latency({ Value: 1 })).catch((e) => e);

    expect(error.name).toContain('InvalidParameterValue');
  });

  it('records nothing when one datum is refused', async () => {
    const namespace = uniqueNamespace();

    await put(client, namespace, latency({ Value: 1 }), latency({})).catch(() => {});

    const { Metrics } = await client.send(new ListMetricsCommand({ Namespace: namespace }));
    expect(Metrics).toEqual([]);
  });
});

describe('ListMetrics', () => {
  it('finds metrics by namespace, name and dimensions', async () => {
    const Namespace = uniqueNamespace();
    const [signs, churn] = [dimension('model', 'signs'), dimension('model', 'churn')];
    await put(
      client,
      Namespace,
      latency({ Value: 1, Dimensions: [signs, dimension('version', '1')] }),
      latency({ Value: 1, Dimensions: [churn] }),
      { MetricName: 'requests', Value: 1, Dimensions: [signs] },
      { MetricName: 'requests', Value: 1 },
    );
    const find = async (filter: object) => {
      const { Metrics } = await client.send(new ListMetricsCommand({ Namespace, ...filter }));
      return (Metrics ?? [])
        .map(({ MetricName, Dimensions }) => [MetricName, ...(Dimensions ?? []).map((d) => d.Value)].join(' '))
        .sort();
    };

    expect(await find({})).toEqual(['latency churn', 'latency signs 1', 'requests', 'requests signs']);
    expect(await find({ MetricName: 'requests' })).toEqual(['requests', 'requests signs']);
    expect(await find({ Dimensions: [signs] })).toEqual(['latency signs 1', 'requests signs']);
    expect(await find({ Dimensions: [{ Name: 'model' }] })).toEqual([
      'latency churn',
      'latency signs 1',
      'requests signs',
    ]);
    expect(await find({ MetricName: 'latency', Dimensions: [{ Name: 'version', Value: '2' }] })).toEqual([]);
  });
});
