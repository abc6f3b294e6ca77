import type {
  Identity,
  ImageMediaType,
  LabelScore,
  PredictionCaptured,
  PredictionRecord,
  PredictionSource,
} from '@kilat/contracts';
import { StoreUnavailableError } from './errors.ts';
import type { HistoryStore } from './history.ts';
import { madeAt } from './prediction-id.ts';
import type { ImageClassifier, OpenImage } from './tasks/image-classification/index.ts';

/** A photo in memory, its format known by its content. */
export interface Photo {
  readonly bytes: Uint8Array;
  readonly mediaType: ImageMediaType;
}

/** Whose photo it is. */
export type Owner = Pick<Identity, 'tenantId' | 'userId'>;

export interface PhotoStore {
  /** @returns the key under which the photo lies */
  keyOf(owner: Owner, predictionId: string, photo: Photo): string;
  put(key: string, photo: Photo): Promise<void>;
  /** Rejects when the store does not answer. */
  check(): Promise<void>;
}

export interface CaptureQueue {
  /** Sends one message. @param predictions that fit into one */
  send(predictions: readonly PredictionCaptured[]): Promise<void>;
  /** Rejects when the queue does not answer. */
  check(): Promise<void>;
}

/** What keeps predictions. */
export interface KeepPorts {
  readonly photos: PhotoStore;
  readonly history: HistoryStore;
  readonly capture: CaptureQueue;
}

/** Who asked, how. */
export interface PredictionRequestFacts {
  readonly identity: Owner;
  readonly requestId: string;
  readonly source: PredictionSource;
}

export interface PredictionFacts {
  readonly request: PredictionRequestFacts;
  readonly model: ImageClassifier;
  readonly photo: Photo;
  readonly image: OpenImage;
  readonly predictions: LabelScore[];
  readonly predictionId: string;
}

/** Everything in it follows from the facts, its time too: a prediction that is made again leaves the same record. */
export function recordOf({ request, model, photo, image, ...facts }: PredictionFacts): PredictionRecord {
  const { predictions, predictionId } = facts;
  return {
    prediction_id: predictionId,
    request_id: request.requestId,
    user_id: request.identity.userId,
    model: model.manifest.name,
    model_version: model.manifest.version,
    label: predictions[0]!.label,
    confidence: predictions[0]!.confidence,
    predictions,
    source: request.source,
    image: {
      media_type: photo.mediaType,
      width_px: image.size.width,
      height_px: image.size.height,
      bytes: photo.bytes.length,
    },
    created_at: new Date(madeAt(predictionId)).toISOString(),
  };
}

/** A write that has begun; it never rejects, so that a store that fails early leaves no other unwatched. */
export type Write = Promise<{ readonly what: string; readonly error?: unknown }>;

export const settled = (what: string, work: Promise<void>): Write =>
  work.then(
    () => ({ what }),
    (error: unknown) => ({ what, error }),
  );

export const storePhoto = ({ photos }: KeepPorts, photoKey: string, photo: Photo): Write =>
  settled('photo', photos.put(photoKey, photo));

export interface Kept {
  readonly owner: Owner;
  readonly photoKey: string;
  readonly record: PredictionRecord;
  readonly alias: PredictionCaptured['alias'];
  readonly photoStored: Write;
}

/**
 * Keeps a prediction's line in the history and sends it to the capture queue, beside each other and beside its photo.
 * @throws {StoreUnavailableError} when one of the three is not stored, its cause holding every failure
 */
export async function keep(ports: KeepPorts, { owner, photoKey, record, alias, photoStored }: Kept): Promise<void> {
  const { tenantId } = owner;
  await allStored(`prediction '${record.prediction_id}' is`, [
    photoStored,
    settled('history', ports.history.put({ tenantId, photoKey, record })),
    settled('capture', ports.capture.send([{ ...record, tenant_id: tenantId, photo_key: photoKey, alias }])),
  ]);
}

/** @param what the predictions, with their verb @throws {StoreUnavailableError} when a write failed */
export async function allStored(what: string, writes: readonly Write[]): Promise<void> {
  const failures = (await Promise.all(writes)).filter((outcome) => 'error' in outcome);
  if (failures.length === 0) return;
  const reasons = failures.map((failure) => `${failure.what} (${String(failure.error)})`).join(', ');
  const cause = new AggregateError(failures.map(({ error }) => error));
  throw new StoreUnavailableError(`${what} not kept in full: ${reasons}`, { cause });
}
