import type { Identity, Latency, PredictionRecord, PredictionSource, PredictResponse } from '@kilat/contracts';
import { type KeepPorts, keep, type Photo, recordOf, storePhoto } from './keep.ts';
import type { Served } from './serving/index.ts';
import { copyToShadow, type ShadowQueue } from './shadow.ts';
import { stopwatch } from './stopwatch.ts';
import {
  classify,
  type ImageClassifier,
  type OpenImage,
  readPixels,
  toTensor,
} from './tasks/image-classification/index.ts';

/** What a prediction needs of the world. */
export interface PredictPorts extends KeepPorts {
  readonly openImage: (photo: Photo) => Promise<OpenImage>;
  readonly newPredictionId: () => string;
  readonly shadows: ShadowQueue;
  /** milliseconds of a clock that never goes back */
  readonly timer: () => number;
}

export interface PredictRequest {
  readonly identity: Identity;
  readonly requestId: string;
  readonly source: PredictionSource;
  readonly served: Served<ImageClassifier>;
  readonly topK: number;
  /** The photo, perhaps still on its way: the wait counts as decoding. */
  readonly photo: Photo | Promise<Photo>;
  /** Awaited beside the decoding, before anything is kept: rejects when the caller may not have this prediction. */
  readonly admitted?: Promise<unknown>;
}

/**
 * Classifies one photo and keeps what has to be kept: the photo, its line in the history, one captured message. The
 * photo is stored while the model runs, the other two beside each other; the answer waits for all three.
 * @throws {StoreUnavailableError} when one of them is not stored, its cause holding every failure
 */
export async function predict(ports: PredictPorts, request: PredictRequest): Promise<PredictResponse> {
  const { identity, served } = request;
  const { model, alias, shadow } = served;
  const watch = stopwatch(ports.timer);
  const predictionId = ports.newPredictionId();

  const decoding = decoded(ports, request).then((what) => ({ ...what, decode: watch.lap() }));
  const [{ photo, image, pixels, decode }] = await Promise.all([decoding, request.admitted]);
  watch.lap(); // what the admission took beyond the decoding counts in the total alone

  const photoKey = ports.photos.keyOf(identity, predictionId, photo);
  const photoStored = storePhoto(ports, photoKey, photo);
  const tensor = toTensor(model, pixels);
  const preprocess = watch.lap();
  const predictions = await classify(model, tensor, request.topK);
  const inference = watch.lap();

  const record = recordOf({ request, model, photo, image, predictions, predictionId });
  const copied = shadow && copyToShadow(ports.shadows, { owner: identity, photoKey, records: [record], shadow });
  await keep(ports, { owner: identity, photoKey, record, alias, photoStored });
  await copied;
  const store = watch.lap();

  return answer(record, { decode, preprocess, inference, store, total: watch.total() });
}

async function decoded({ openImage }: PredictPorts, request: PredictRequest) {
  const photo = await request.photo;
  const image = await openImage(photo);
  return { photo, image, pixels: await readPixels(request.served.model, image) };
}

const answer = (record: PredictionRecord, latency: Latency): PredictResponse => ({
  prediction_id: record.prediction_id,
  request_id: record.request_id,
  model: record.model,
  model_version: record.model_version,
  predictions: record.predictions,
  latency_ms: latency,
});
