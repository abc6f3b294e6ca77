import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricStatisticsCommand,
  ListMetricsCommand,
  PutMetricAlarmCommand,
} from '@aws-sdk/client-cloudwatch';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CloudWatchService, startCloudWatch } from '../../../local/cloudwatch/index.ts';
import { clientConfig, isRemote } from '../../support/endpoint.ts';
import { put } from './metric-fixtures.ts';

const START = Date.UTC(2026, 0, 1);
const DAY_MS = 86_400_000;

describe.skipIf(isRemote)('CloudWatch after a restart', () => {
  let dir: string;
  let nowMs: number;
  let service: CloudWatchService;
  let client: CloudWatchClient;

  const start = async () => {
    service = await startCloudWatch({ dir, now: () => nowMs });
    client = new CloudWatchClient(clientConfig(service.url));
  };
  const stop = async () => {
    client.destroy();
    await service.close();
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'kilat-cloudwatch-'));
    nowMs = START;
    await start();
  });

  afterEach(async () => {
    await stop();
    await rm(dir, { recursive: true });
  });

  it('has the points, those of the platform itself too', async () => {
    const dimensions = { FunctionName: 'predict' };
    service.record('AWS/Lambda', { metricName: 'Duration', unit: 'Milliseconds', value: 12.5, dimensions });
    service.record('AWS/Lambda', { metricName: 'Duration', unit: 'Milliseconds', value: 7.5, dimensions });

    await stop();
    await start();

    const { Datapoints } = await client.send(
      new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda',
        MetricName: 'Duration',
        Dimensions: [{ Name: 'FunctionName', Value: 'predict' }],
        StartTime: new Date(START),
        EndTime: new Date(START + 60_000),
        Period: 60,
        Statistics: ['Average'],
      }),
    );
    expect(Datapoints).toEqual([{ Timestamp: new Date(START), Unit: 'Milliseconds', Average: 10 }]);
  });

  it('has the alarms, in their states', async () => {
    await put(client, 'shop', { MetricName: 'errors', Value: 9, Timestamp: new Date(START - 60_000) });
    await client.send(
      new PutMetricAlarmCommand({
        AlarmName: 'errors',
        Namespace: 'shop',
        MetricName: 'errors',
        Statistic: 'Average',
        Period: 60,
        EvaluationPeriods: 1,
        Threshold: 5,
        ComparisonOperator: 'GreaterThanThreshold',
        TreatMissingData: 'ignore',
      }),
    );
    await client.send(new DescribeAlarmsCommand({}));

    await stop();
    nowMs = START + DAY_MS;
    await start();

    const { MetricAlarms } = await client.send(new DescribeAlarmsCommand({}));
    expect(MetricAlarms).toMatchObject([
      { AlarmName: 'errors', StateValue: 'ALARM', StateUpdatedTimestamp: new Date(START) },
    ]);
  });

  it('has forgotten what is older than 15 days', async () => {
    service.record('shop', { metricName: 'old', value: 1 });
    nowMs = START + 10 * DAY_MS;
    service.record('shop', { metricName: 'new', value: 1 });

    await stop();
    nowMs = START + 15 * DAY_MS + 1;
    await start();

    const { Metrics } = await client.send(new ListMetricsCommand({}));
    expect(Metrics?.map(({ MetricName }) => MetricName)).toEqual(['new']);
  });

  it('drops what is measured after it has closed', async () => {
    await service.close();
    await service.close();

    expect(() => service.record('shop', { metricName: 'late', value: 1 })).not.toThrow();
  });
});
