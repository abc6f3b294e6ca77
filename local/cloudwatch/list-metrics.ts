import type { AwsOperation } from '../aws-json.ts';
import type { Clock } from '../service.ts';
import { type MetricIdentity, toWire } from './metric.ts';
import type { MetricStore } from './metric-store.ts';

const RECENTLY_MS = 3 * 3_600_000;

interface ListMetricsInput {
  readonly Namespace?: string;
  readonly MetricName?: string;
  /** Without a value: any that has the dimension. */
  readonly Dimensions?: ReadonlyArray<{ Name: string; Value?: string }>;
  /** `PT3H` is the only value there is. */
  readonly RecentlyActive?: string;
}

/** All that match, on one page. */
export const listMetrics =
  (store: MetricStore, now: Clock): AwsOperation =>
  (input: ListMetricsInput) => ({
    Metrics: store
      .metrics(input.RecentlyActive ? { seenSinceMs: now() - RECENTLY_MS } : {})
      .filter((metric) => matches(metric, input))
      .map(({ namespace, metricName, dimensions }) => ({
        Namespace: namespace,
        MetricName: metricName,
        Dimensions: toWire(dimensions),
      })),
  });

const matches = ({ namespace, metricName, dimensions }: MetricIdentity, wanted: ListMetricsInput): boolean =>
  (wanted.Namespace === undefined || wanted.Namespace === namespace) &&
  (wanted.MetricName === undefined || wanted.MetricName === metricName) &&
  (wanted.Dimensions ?? []).every(({ Name, Value }) =>
    Value === undefined ? Name in dimensions : dimensions[Name] === Value,
  );
