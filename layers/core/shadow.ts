import type { PredictionRecord, ShadowMessage } from '@kilat/contracts';
import type { CaptureQueue, Owner, Photo } from './keep.ts';
import { instanceRecord } from './keep-instances.ts';
import { messagePortions } from './message-portions.ts';
import type { VersionRef } from './serving/index.ts';
import {
  answerInstances,
  classify,
  type ImageClassifier,
  isImageClassifier,
  type LoadedModel,
  type OpenImage,
  readPixels,
  type TabularClassifier,
  toTensor,
} from './tasks/index.ts';

/** Where copies of requests wait for the version that runs in the shadow. */
export interface ShadowQueue {
  send(message: ShadowMessage): Promise<void>;
  /** Told of a copy that was not sent. */
  readonly onLost: (error: unknown) => void;
}

export interface Copied {
  readonly owner: Owner;
  /** of an image */
  readonly photoKey?: string;
  /** what was answered */
  readonly records: readonly PredictionRecord[];
  /** the version that answers the copy */
  readonly shadow: string;
}

/** Sends a copy of a request; one that is lost is missed in a comparison, and no caller hears of it. */
export async function copyToShadow(shadows: ShadowQueue, { owner, photoKey, records, shadow }: Copied): Promise<void> {
  const sent = messagePortions(records).map((answered) =>
    shadows
      .send({ tenant_id: owner.tenantId, shadow_version: shadow, ...(photoKey && { photo_key: photoKey }), answered })
      .catch(shadows.onLost),
  );
  await Promise.all(sent);
}

export interface ShadowPorts {
  /** @throws whatever loading a version throws */
  readonly openVersion: (ref: VersionRef) => Promise<LoadedModel>;
  /** @returns undefined when the photo has been deleted since */
  readonly readPhoto: (key: string) => Promise<Photo | undefined>;
  readonly openImage: (photo: Photo) => Promise<OpenImage>;
  readonly capture: Pick<CaptureQueue, 'send'>;
}

/** Has a shadow answer a request once more. Its answers are captured beside those that were given, and go nowhere else. */
export async function answerInShadow(ports: ShadowPorts, message: ShadowMessage): Promise<void> {
  const { tenant_id: tenantId, shadow_version: version, photo_key: photoKey, answered } = message;
  const model = await ports.openVersion({ tenantId, model: answered[0]!.model, version });
  const records = isImageClassifier(model)
    ? await answerPhoto(ports, model, message)
    : await answerRows(model, answered, tenantId);
  const captured = records.map((record, index) => ({
    ...record,
    tenant_id: tenantId,
    ...(photoKey && { photo_key: photoKey }),
    alias: 'shadow' as const,
    answered_label: answered[index]!.label,
  }));
  await Promise.all(messagePortions(captured).map((portion) => ports.capture.send(portion)));
}

/** @returns nothing when the photo has been deleted since */
async function answerPhoto(
  { readPhoto, openImage }: ShadowPorts,
  model: ImageClassifier,
  { photo_key: photoKey, answered: [answered] }: ShadowMessage,
): Promise<PredictionRecord[]> {
  const photo = photoKey && (await readPhoto(photoKey));
  if (!photo) return [];
  const pixels = await readPixels(model, await openImage(photo));
  const predictions = await classify(model, toTensor(model, pixels), answered!.predictions.length);
  const { label, confidence } = predictions[0]!;
  return [{ ...answered!, model_version: model.manifest.version, label, confidence, predictions }];
}

async function answerRows(
  model: TabularClassifier,
  answered: readonly PredictionRecord[],
  tenantId: string,
): Promise<PredictionRecord[]> {
  const rows = answered.map(({ instance }) => instance ?? {});
  const answers = await answerInstances(model, rows, { explain: false });
  return answered.map(({ prediction_id: predictionId, request_id: requestId, user_id: userId, source }, index) =>
    instanceRecord({
      request: { identity: { tenantId, userId }, requestId, source },
      model,
      instance: rows[index]!,
      answer: answers[index]!,
      predictionId,
    }),
  );
}
