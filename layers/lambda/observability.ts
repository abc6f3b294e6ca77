import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  type FunctionName,
  METRIC_NAMESPACE,
  metricDimensions,
  metricNames,
  type PredictResponse,
} from '@kilat/contracts';

/** How a request ended, as logs and metrics tell it. */
export interface Completion {
  readonly operation: string;
  readonly status: number;
  readonly durationMs: number;
}

/** One structured logger and one set of metrics a function. */
export interface Observability {
  readonly logger: Logger;
  requestCompleted(completion: Completion): void;
  predicted(prediction: PredictResponse): void;
}

export function observe(service: FunctionName): Observability {
  const logger = new Logger({ serviceName: service });
  const metrics = new Metrics({ namespace: METRIC_NAMESPACE, serviceName: service });
  let isColdStart = true;

  return {
    logger,

    requestCompleted({ operation, status, durationMs }) {
      logger.info('request completed', { operation, status, duration_ms: durationMs, cold_start: isColdStart });
      metrics.addDimension(metricDimensions.operation, operation);
      metrics.addMetric(metricNames.requestDuration, MetricUnit.Milliseconds, durationMs);
      metrics.addMetric(metricNames.coldStart, MetricUnit.Count, isColdStart ? 1 : 0);
      metrics.addMetric(metricNames.errors, MetricUnit.Count, status >= 500 ? 1 : 0);
      metrics.addMetric(metricNames.refusals, MetricUnit.Count, status >= 400 && status < 500 ? 1 : 0);
      metrics.publishStoredMetrics();
      isColdStart = false;
    },

    predicted({ model, model_version, latency_ms }) {
      metrics.addDimensions({
        [metricDimensions.modelName]: model,
        [metricDimensions.modelVersion]: model_version,
      });
      metrics.addMetric(metricNames.predictions, MetricUnit.Count, 1);
      metrics.addMetric(metricNames.inferenceDuration, MetricUnit.Milliseconds, latency_ms.inference);
      metrics.publishStoredMetrics();
    },
  };
}
