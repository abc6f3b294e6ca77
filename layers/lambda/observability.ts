import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import {
  type FunctionName,
  type InstancesResponse,
  type JobRecord,
  METRIC_NAMESPACE,
  metricDimensions,
  metricNames,
  type PredictResponse,
  type Run,
} from '@kilat/contracts';
import type { ModelRef, VersionRef } from '@kilat/core';

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
  predicted(prediction: PredictResponse | InstancesResponse): void;
  /** Items of jobs that were dealt with, each counted once whatever was delivered twice. */
  itemsDone(counts: { readonly succeeded: number; readonly failed: number }): void;
  jobEnded(job: JobRecord): void;
  dropDone(outcome: 'classified' | 'rejected'): void;
  trainingEnded(run: Run): void;
  /** Messages of a batch that go back to their queue. */
  messagesFailed(count: number): void;
  /** What goes wrong behind an answer that is right nevertheless. */
  readonly serving: {
    readonly onLoadFailed: (ref: VersionRef, error: unknown) => void;
    readonly onStale: (ref: ModelRef, error: unknown) => void;
    readonly onShadowLost: (error: unknown) => void;
  };
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

    predicted(prediction) {
      const { model, model_version, latency_ms } = prediction;
      metrics.addDimensions({
        [metricDimensions.modelName]: model,
        [metricDimensions.modelVersion]: model_version,
      });
      const count = 'prediction_id' in prediction ? 1 : prediction.predictions.length;
      metrics.addMetric(metricNames.predictions, MetricUnit.Count, count);
      metrics.addMetric(metricNames.inferenceDuration, MetricUnit.Milliseconds, latency_ms.inference);
      metrics.publishStoredMetrics();
    },

    itemsDone({ succeeded, failed }) {
      metrics.addMetric(metricNames.itemsSucceeded, MetricUnit.Count, succeeded);
      metrics.addMetric(metricNames.itemsFailed, MetricUnit.Count, failed);
      metrics.publishStoredMetrics();
    },

    jobEnded({ job_id, tenant_id, state, total = 0, succeeded = 0, failed = 0 }) {
      logger.info('job ended', { job_id, tenant_id, state, total, succeeded, failed });
      metrics.addMetric(metricNames.jobsEnded, MetricUnit.Count, 1);
      metrics.publishStoredMetrics();
    },

    dropDone(outcome) {
      metrics.addMetric(metricNames.dropsClassified, MetricUnit.Count, outcome === 'classified' ? 1 : 0);
      metrics.addMetric(metricNames.dropsRejected, MetricUnit.Count, outcome === 'rejected' ? 1 : 0);
      metrics.publishStoredMetrics();
    },

    trainingEnded({ run_id, model, state, version, decision, problem }) {
      logger.info('training run ended', { run_id, model, state, version, decision, problem });
      metrics.addDimension(metricDimensions.modelName, model);
      metrics.addMetric(metricNames.trainingRunsSucceeded, MetricUnit.Count, state === 'succeeded' ? 1 : 0);
      metrics.addMetric(metricNames.trainingRunsRejected, MetricUnit.Count, state === 'rejected' ? 1 : 0);
      metrics.addMetric(metricNames.trainingRunsFailed, MetricUnit.Count, state === 'failed' ? 1 : 0);
      const refused = decision !== undefined && decision.alias !== 'champion';
      metrics.addMetric(metricNames.promotionsRefused, MetricUnit.Count, refused ? 1 : 0);
      metrics.publishStoredMetrics();
    },

    messagesFailed(count) {
      metrics.addMetric(metricNames.messagesFailed, MetricUnit.Count, count);
      metrics.publishStoredMetrics();
    },

    serving: {
      onLoadFailed({ tenantId, model, version }, error) {
        logger.error('model not loaded', { tenant_id: tenantId, model, version, error: error as Error });
        metrics.addMetric(metricNames.modelLoadsFailed, MetricUnit.Count, 1);
        metrics.publishStoredMetrics();
      },
      onStale({ tenantId, model }, error) {
        logger.warn('aliases not read', { tenant_id: tenantId, model, error: error as Error });
      },
      onShadowLost(error) {
        logger.warn('copy for the shadow not sent', { error: error as Error });
      },
    },
  };
}
