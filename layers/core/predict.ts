import type {
  Identity,
  ImageMediaType,
  LabelScore,
  Latency,
  PredictionCaptured,
  PredictionRecord,
  PredictionSource,
  PredictResponse,
} from '@kilat/contracts';
import { StoreUnavailableError } from './errors.ts';
import type { HistoryStore } from './history.ts';
import { madeAt } from './prediction-id.ts';
import {
  classify,
  type LoadedModel,
  type OpenImage,
  readPixels,
  toTensor,
} from './tasks/image-classification/index.ts';

/** A photo in memory, its format known by its content. */
export interface Photo {
  readonly bytes: Uint8Array;
  readonly mediaType: ImageMediaType;
}

export interface PhotoStore {
  /** @returns the key under which the photo lies */
  keyOf(identity: Pick<Identity, 'tenantId' | 'userId'>, predictionId: string, photo: Photo): string;
  put(key: string, photo: Photo): Promise<void>;
  /** Rejects when the store does not answer. */
  check(): Promise<void>;
}

export interface CaptureQueue {
  send(prediction: PredictionCaptured): Promise<void>;
  /** Rejects when the queue does not answer. */
  check(): Promise<void>;
}

/** What a prediction needs of the world. */
export interface PredictPorts {
  readonly photos: PhotoStore;
  readonly history: HistoryStore;
  readonly capture: CaptureQueue;
  readonly openImage: (photo: Photo) => Promise<OpenImage>;
  readonly newPredictionId: () => string;
  /** milliseconds of a clock that never goes back */
  readonly timer: () => number;
}

export interface PredictRequest {
  readonly identity: Identity;
  readonly requestId: string;
  readonly source: PredictionSource;
  readonly model: LoadedModel;
  readonly topK: number;
  /** The photo, perhaps still on its way: the wait counts as decoding. */
  readonly photo: Photo | Promise<Photo>;
}

/**
 * Classifies one photo and keeps what has to be kept: the photo, its line in the history, one captured message. The
 * photo is stored while the model runs, the other two beside each other; the answer waits for all three.
 * @throws {StoreUnavailableError} when one of them is not stored, its cause holding every failure
 */
export async function predict(ports: PredictPorts, request: PredictRequest): Promise<PredictResponse> {
  const { model, identity } = request;
  const watch = stopwatch(ports.timer);
  const predictionId = ports.newPredictionId();

  const photo = await request.photo;
  const image = await ports.openImage(photo);
  const pixels = await readPixels(model, image);
  const decode = watch.lap();

  const photoKey = ports.photos.keyOf(identity, predictionId, photo);
  const photoStored = settled('photo', ports.photos.put(photoKey, photo));
  const tensor = toTensor(model, pixels);
  const preprocess = watch.lap();
  const predictions = await classify(model, tensor, request.topK);
  const inference = watch.lap();

  const record = recordOf({ request, photo, image, predictions, predictionId });
  const tenantId = identity.tenantId;
  await allStored(predictionId, [
    photoStored,
    settled('history', ports.history.put({ tenantId, photoKey, record })),
    settled('capture', ports.capture.send({ ...record, tenant_id: tenantId, photo_key: photoKey })),
  ]);
  const store = watch.lap();

  return answer(record, { decode, preprocess, inference, store, total: watch.total() });
}

interface RecordFacts {
  readonly request: PredictRequest;
  readonly photo: Photo;
  readonly image: OpenImage;
  readonly predictions: LabelScore[];
  readonly predictionId: string;
}

function recordOf({ request, photo, image, predictions, predictionId }: RecordFacts): PredictionRecord {
  const { identity, model } = request;
  return {
    prediction_id: predictionId,
    request_id: request.requestId,
    user_id: identity.userId,
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

const answer = (record: PredictionRecord, latency: Latency): PredictResponse => ({
  prediction_id: record.prediction_id,
  request_id: record.request_id,
  model: record.model,
  model_version: record.model_version,
  predictions: record.predictions,
  latency_ms: latency,
});

interface Outcome {
  readonly what: string;
  readonly error?: unknown;
}

/** Waits without throwing: a store that fails early must not leave the others unwatched. */
const settled = (what: string, work: Promise<void>): Promise<Outcome> =>
  work.then(
    () => ({ what }),
    (error: unknown) => ({ what, error }),
  );

async function allStored(predictionId: string, writes: readonly Promise<Outcome>[]): Promise<void> {
  const failures = (await Promise.all(writes)).filter((outcome) => 'error' in outcome);
  if (failures.length === 0) return;
  const reasons = failures.map(({ what, error }) => `${what} (${String(error)})`).join(', ');
  const cause = new AggregateError(failures.map(({ error }) => error));
  throw new StoreUnavailableError(`prediction '${predictionId}' is not kept in full: ${reasons}`, { cause });
}

function stopwatch(timer: () => number): { lap(): number; total(): number } {
  const start = timer();
  let last = start;
  return {
    lap() {
      const now = timer();
      const duration = round(now - last);
      last = now;
      return duration;
    },
    total: () => round(timer() - start),
  };
}

/** Microseconds are what the clock can tell. */
const round = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
