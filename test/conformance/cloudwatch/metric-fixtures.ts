import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, type MetricDatum, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { afterAll } from 'vitest';
import { type CloudWatchOptions, type CloudWatchService, startCloudWatch } from '../../../local/cloudwatch/index.ts';
import { clientConfig, serviceUnderTest } from '../../support/endpoint.ts';

/** A client of the CloudWatch under test, which ends with the file's cases. */
export async function cloudWatchUnderTest(options: Partial<CloudWatchOptions> = {}) {
  const dir = await mkdtemp(join(tmpdir(), 'kilat-cloudwatch-'));
  const service = await serviceUnderTest(() => startCloudWatch({ dir, ...options }));
  const client = new CloudWatchClient(clientConfig(service.url));
  afterAll(async () => {
    client.destroy();
    await service.close();
    await rm(dir, { recursive: true });
  });
  /** For cases that only an emulator can show, which are skipped elsewhere. */
  return { client, url: service.url, local: service.local as CloudWatchService };
}

export const uniqueNamespace = () => `conformance/${randomUUID()}`;

export const MINUTE_MS = 60_000;

/** An hour ago, at a full five minutes: late enough to be whole, early enough to be kept. */
export const anHourAgo = (): Date =>
  new Date(Math.floor(Date.now() / (5 * MINUTE_MS)) * 5 * MINUTE_MS - 60 * MINUTE_MS);

export const minutesAfter = (start: Date, minutes: number): Date => new Date(start.getTime() + minutes * MINUTE_MS);

export const put = (client: CloudWatchClient, Namespace: string, ...MetricData: MetricDatum[]) =>
  client.send(new PutMetricDataCommand({ Namespace, MetricData }));
