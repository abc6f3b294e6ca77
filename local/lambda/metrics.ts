/** One measurement, in the names and units of the namespace `AWS/Lambda`. */
export interface LambdaMetric {
  readonly namespace: 'AWS/Lambda';
  readonly metricName: MetricName;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
  readonly dimensions: { readonly FunctionName: string };
  readonly timestampMs: number;
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export type MetricName =
  | 'Invocations'
  | 'Errors'
  | 'Throttles'
  | 'Duration'
  | 'ConcurrentExecutions'
  | 'AsyncEventsReceived'
  | 'AsyncEventsDropped';

/** Measures one function. */
export type Measure = (metricName: MetricName, value: number) => void;

export function measureFunction(
  functionName: string,
  onMetric: (metric: LambdaMetric) => void,
  now: () => number,
): Measure {
  return (metricName, value) =>
    onMetric({
      namespace: 'AWS/Lambda',
      metricName,
      unit: metricName === 'Duration' ? 'Milliseconds' : 'Count',
      value,
      dimensions: { FunctionName: functionName },
      timestampMs: now(),
    });
}
