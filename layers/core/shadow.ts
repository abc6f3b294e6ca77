import type { PredictionRecord, ShadowMessage } from '@kilat/contracts';
import type { CaptureQueue, Owner, Photo } from './keep.ts';
import type { VersionRef } from './serving/index.ts';
import {
  classify,
  type LoadedModel,
  type OpenImage,
  readPixels,
  toTensor,
} from './tasks/image-classification/index.ts';

/** Where copies of requests wait for the version that runs in the shadow. */
export interface ShadowQueue {
  send(message: ShadowMessage): Promise<void>;
  /** Told of a copy that was not sent. */
  readonly onLost: (error: unknown) => void;
}

export interface Copied {
  readonly owner: Owner;
  readonly photoKey: string;
  readonly record: PredictionRecord;
  /** the version that answers the copy */
  readonly shadow: string;
}

/** Sends a copy of a request; one that is lost is missed in a comparison, and no caller hears of it. */
export const copyToShadow = (shadows: ShadowQueue, { owner, photoKey, record, shadow }: Copied): Promise<void> =>
  shadows
    .send({ tenant_id: owner.tenantId, shadow_version: shadow, photo_key: photoKey, answered: record })
    .catch(shadows.onLost);

export interface ShadowPorts {
  /** @throws whatever loading a version throws */
  readonly openVersion: (ref: VersionRef) => Promise<LoadedModel>;
  /** @returns undefined when the photo has been deleted since */
  readonly readPhoto: (key: string) => Promise<Photo | undefined>;
  readonly openImage: (photo: Photo) => Promise<OpenImage>;
  readonly capture: Pick<CaptureQueue, 'send'>;
}

/** Has a shadow answer a request once more. Its answer is captured beside the one that was given, and goes nowhere else. */
export async function answerInShadow(ports: ShadowPorts, message: ShadowMessage): Promise<void> {
  const { tenant_id: tenantId, shadow_version: version, photo_key, answered } = message;
  const photo = await ports.readPhoto(photo_key);
  if (!photo) return;
  const model = await ports.openVersion({ tenantId, model: answered.model, version });
  const pixels = await readPixels(model, await ports.openImage(photo));
  const predictions = await classify(model, toTensor(model, pixels), answered.predictions.length);
  await ports.capture.send({
    ...answered,
    model_version: version,
    label: predictions[0]!.label,
    confidence: predictions[0]!.confidence,
    predictions,
    tenant_id: tenantId,
    photo_key,
    alias: 'shadow',
    answered_label: answered.label,
  });
}
