import type {
  Identity,
  Instance,
  InstancePrediction,
  InstancesResponse,
  InstanceWarning,
  Latency,
  PredictionSource,
} from '@kilat/contracts';
import type { KeepPorts } from './keep.ts';
import { instanceRecord, keepInstances } from './keep-instances.ts';
import type { Served } from './serving/index.ts';
import { copyToShadow, type ShadowQueue } from './shadow.ts';
import { stopwatch } from './stopwatch.ts';
import {
  answerInstances,
  checkInstances,
  type InstanceAnswer,
  type TabularClassifier,
} from './tasks/tabular-classification/index.ts';

export interface InstancePorts extends Pick<KeepPorts, 'history' | 'capture'> {
  readonly newPredictionId: () => string;
  readonly shadows: ShadowQueue;
  /** milliseconds of a clock that never goes back */
  readonly timer: () => number;
}

export interface InstancesToPredict {
  readonly identity: Identity;
  readonly requestId: string;
  readonly source: PredictionSource;
  readonly served: Served<TabularClassifier>;
  readonly instances: readonly Instance[];
  readonly explain: boolean;
  /** Awaited before anything is kept: rejects when the caller may not have these predictions. */
  readonly admitted?: Promise<unknown>;
}

/**
 * Predicts rows of a table, all of them or none, and keeps what has to be kept of each: its line in the history, its
 * part of a captured message.
 * @throws {InvalidInstancesError} when a row is not as the model's table says
 * @throws {StoreUnavailableError} when something is not stored
 */
export async function predictInstances(ports: InstancePorts, request: InstancesToPredict): Promise<InstancesResponse> {
  const { identity, served, instances, explain } = request;
  const { model, alias, shadow } = served;
  const watch = stopwatch(ports.timer);
  const warnings = checkInstances(model.manifest.table, instances);
  const preprocess = watch.lap();
  const answers = await answerInstances(model, instances, { explain });
  const inference = watch.lap();
  await request.admitted;
  watch.lap(); // what the admission took beyond the model's run counts in the total alone

  const records = instances.map((instance, index) =>
    instanceRecord({ request, model, instance, answer: answers[index]!, predictionId: ports.newPredictionId() }),
  );
  const copied = shadow && copyToShadow(ports.shadows, { owner: identity, records, shadow });
  await keepInstances(ports, { owner: identity, records, alias });
  await copied;
  const latency = { preprocess, inference, store: watch.lap(), total: watch.total() };
  const ids = records.map(({ prediction_id }) => prediction_id);
  return answer(request, { ids, answers, warnings, latency });
}

interface Answered {
  readonly ids: readonly string[];
  readonly answers: readonly InstanceAnswer[];
  readonly warnings: InstanceWarning[];
  readonly latency: Omit<Latency, 'decode'>;
}

function answer(request: InstancesToPredict, { ids, answers, warnings, latency }: Answered): InstancesResponse {
  const { manifest } = request.served.model;
  return {
    request_id: request.requestId,
    model: manifest.name,
    model_version: manifest.version,
    predictions: answers.map(
      (own, index): InstancePrediction => ({
        prediction_id: ids[index]!,
        ...idOf(request.instances[index]!, manifest.table.id_column),
        ...own,
      }),
    ),
    warnings,
    latency_ms: latency,
  };
}

/** What the row calls itself, where it does. */
export function idOf(instance: Instance, idColumn: string | undefined): { id?: string | number } {
  const id = idColumn === undefined ? undefined : instance[idColumn];
  return typeof id === 'string' || typeof id === 'number' ? { id } : {};
}
