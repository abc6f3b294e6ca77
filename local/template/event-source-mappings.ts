import type { SQSClient } from '@aws-sdk/client-sqs';
import { NotEmulatedError } from './errors.ts';
import { isQueueArn, type QueueMapping, QueuePoller, type QueuePollerServices } from './queue-poller.ts';
import { propertiesOf, type Resource } from './resource.ts';

interface MappingProperties {
  readonly EventSourceArn: string;
  readonly FunctionName: string;
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly FunctionResponseTypes?: readonly string[];
  readonly ScalingConfig?: { readonly MaximumConcurrency?: number };
  readonly FilterCriteria?: unknown;
  readonly Enabled?: boolean;
}

/** Lambda keeps five pollers at a queue; as many processes at once would crowd a laptop. */
const DEFAULT_CONCURRENCY = 2;

/** @throws {NotEmulatedError} for a source that is no queue, and for filters */
export function queueMapping(mapping: Resource): QueueMapping {
  const properties = propertiesOf<MappingProperties>(mapping);
  const { EventSourceArn, FunctionName, FilterCriteria } = properties;
  if (!isQueueArn(EventSourceArn)) throw new NotEmulatedError(`${mapping.logicalId}: ${EventSourceArn} is no queue`);
  if (FilterCriteria) throw new NotEmulatedError(`${mapping.logicalId}: event filters are not emulated`);
  return {
    queueArn: EventSourceArn,
    functionName: FunctionName,
    batchSize: properties.BatchSize ?? 10,
    batchingWindowMs: (properties.MaximumBatchingWindowInSeconds ?? 0) * 1000,
    reportsItemFailures: properties.FunctionResponseTypes?.includes('ReportBatchItemFailures') ?? false,
    concurrency: properties.ScalingConfig?.MaximumConcurrency ?? DEFAULT_CONCURRENCY,
  };
}

export interface MappingServices extends Omit<QueuePollerServices, 'sqs'> {
  /** With the credentials of the function's role, which a mapping polls with. */
  readonly sqsOf: (functionName: string) => SQSClient;
}

/** Starts to poll for every mapping that is enabled; what is returned stops it again, after the batches in hand. */
export function startMappings(
  mappings: readonly Resource[],
  { sqsOf, ...services }: MappingServices,
): () => Promise<void> {
  const pollers = mappings
    .filter((mapping) => propertiesOf<MappingProperties>(mapping).Enabled !== false)
    .map(queueMapping)
    .map((mapping) => new QueuePoller(mapping, { ...services, sqs: sqsOf(mapping.functionName) }));
  for (const poller of pollers) poller.start();
  return async () => {
    await Promise.all(pollers.map((poller) => poller.stop()));
  };
}
