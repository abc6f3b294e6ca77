import type { Instance, LabelScore, PredictionCaptured, PredictionRecord } from '@kilat/contracts';
import { allStored, type KeepPorts, type Owner, type PredictionRequestFacts, settled } from './keep.ts';
import { messagePortions } from './message-portions.ts';
import { madeAt } from './prediction-id.ts';
import type { InstanceAnswer, TabularClassifier } from './tasks/tabular-classification/index.ts';

export interface InstanceFacts {
  readonly request: PredictionRequestFacts;
  readonly model: TabularClassifier;
  readonly instance: Instance;
  readonly answer: InstanceAnswer;
  readonly predictionId: string;
}

/** As of a photo, everything in it follows from the facts. Its explanation can be made again and is not kept. */
export function instanceRecord({ request, model, instance, answer, predictionId }: InstanceFacts): PredictionRecord {
  const predictions = scoresOf(model, answer);
  return {
    prediction_id: predictionId,
    request_id: request.requestId,
    user_id: request.identity.userId,
    model: model.manifest.name,
    model_version: model.manifest.version,
    label: answer.label,
    confidence: predictions.find(({ label }) => label === answer.label)!.confidence,
    predictions,
    source: request.source,
    instance,
    segment: answer.segment,
    created_at: new Date(madeAt(predictionId)).toISOString(),
  };
}

/** Both classes, the likelier first; the label need not be it, where a threshold other than a half decides. */
function scoresOf({ manifest }: TabularClassifier, { probability }: InstanceAnswer): LabelScore[] {
  const { classes, positive_class } = manifest.table.target;
  return classes
    .map((label) => ({ label, confidence: label === positive_class ? probability : 1 - probability }))
    .toSorted((a, b) => b.confidence - a.confidence);
}

export interface KeptInstances {
  readonly owner: Owner;
  readonly records: readonly PredictionRecord[];
  readonly alias: PredictionCaptured['alias'];
}

/**
 * Keeps predictions of rows in the history, and sends them to the capture queue, as many in a message as fit.
 * @throws {StoreUnavailableError} when one of them is not stored
 */
export async function keepInstances(
  { history, capture }: Pick<KeepPorts, 'history' | 'capture'>,
  { owner, records, alias }: KeptInstances,
): Promise<void> {
  const { tenantId } = owner;
  const captured = records.map((record) => ({ ...record, tenant_id: tenantId, alias }));
  await allStored(`${records.length} predictions are`, [
    settled('history', history.putAll(records.map((record) => ({ tenantId, record })))),
    ...messagePortions(captured).map((portion) => settled('capture', capture.send(portion))),
  ]);
}
