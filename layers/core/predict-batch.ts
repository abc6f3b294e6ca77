import type { PredictionRecord, PredictionSource } from '@kilat/contracts';
import { type KeepPorts, keep, type Owner, type Photo, recordOf, storePhoto } from './keep.ts';
import type { Served, ServingRequest } from './serving/index.ts';
import {
  assertImageClassifier,
  classifyAll,
  type ImageClassifier,
  type LoadedModel,
  type OpenImage,
  type Pixels,
  readPixels,
} from './tasks/index.ts';

export interface BatchPorts extends KeepPorts {
  readonly findModel: (request: ServingRequest) => Promise<Served<LoadedModel>>;
  readonly openImage: (photo: Photo) => Promise<OpenImage>;
}

export interface BatchItem {
  /** whoever makes the prediction again gives it the same one */
  readonly predictionId: string;
  readonly identity: Owner;
  readonly requestId: string;
  readonly source: PredictionSource;
  readonly modelName: string;
  readonly topK: number;
  /** Fetches the photo, when its turn has come. */
  readonly photo: () => Promise<Photo>;
}

/** Classifies and keeps one photo; rejects with what went wrong with this one. */
export type BatchPredict = (item: BatchItem) => Promise<PredictionRecord>;

/** Photos that are decoded at a time: two groups and those being stored are in memory, however many wait. */
const GROUP = 8;

interface Waiting {
  readonly item: BatchItem;
  readonly resolve: (record: PredictionRecord) => void;
  readonly reject: (error: unknown) => void;
}

interface Decoded extends Waiting {
  readonly model: ImageClassifier;
  readonly alias: Served<LoadedModel>['alias'];
  readonly photo: Photo;
  readonly image: OpenImage;
  readonly pixels: Pixels;
}

/**
 * Takes photos from whoever has some and works through them in groups: while the model runs one, the next is fetched and
 * decoded, and the last is stored.
 */
export function batchPredict(ports: BatchPorts): BatchPredict {
  const waiting: Waiting[] = [];
  let isWorking = false;

  const decodeNext = (): Promise<Decoded[]> | undefined =>
    waiting.length > 0 ? decodeGroup(ports, waiting.splice(0, GROUP)) : undefined;

  async function work(): Promise<void> {
    isWorking = true;
    let keeping: Promise<unknown> = Promise.resolve();
    for (let decoding = decodeNext(); decoding; ) {
      const group = await decoding;
      decoding = decodeNext();
      const predictions = await classifyGroup(group);
      await keeping;
      keeping = Promise.all(group.map((decoded, index) => keepOne(ports, decoded, predictions[index])));
      decoding ??= decodeNext(); // some may have come meanwhile
    }
    isWorking = false;
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isWorking) void work();
    });
}

async function decodeGroup(ports: BatchPorts, group: readonly Waiting[]): Promise<Decoded[]> {
  const decoded = await Promise.all(group.map((waiting) => decodeOne(ports, waiting)));
  return decoded.filter((one) => one !== undefined);
}

async function decodeOne(ports: BatchPorts, waiting: Waiting): Promise<Decoded | undefined> {
  try {
    const { identity, modelName } = waiting.item;
    const { model, alias } = await ports.findModel({ ...identity, model: modelName });
    assertImageClassifier(model);
    const photo = await waiting.item.photo();
    const image = await ports.openImage(photo);
    return { ...waiting, model, alias, photo, image, pixels: await readPixels(model, image) };
  } catch (error) {
    waiting.reject(error);
    return undefined;
  }
}

type Predictions = Awaited<ReturnType<typeof classifyAll>>[number];

/** @returns nothing in the place of those whose run failed; they have heard of it */
async function classifyGroup(group: readonly Decoded[]): Promise<(Predictions | undefined)[]> {
  const predictions = new Map<Decoded, Predictions>();
  for (const [model, own] of Map.groupBy(group, (decoded) => decoded.model)) {
    const images = own.map(({ pixels, item }) => ({ pixels, topK: item.topK }));
    try {
      const answers = await classifyAll(model, images);
      for (const [index, decoded] of own.entries()) predictions.set(decoded, answers[index]!);
    } catch (error) {
      for (const decoded of own) decoded.reject(error);
    }
  }
  return group.map((decoded) => predictions.get(decoded));
}

async function keepOne(ports: BatchPorts, decoded: Decoded, predictions: Predictions | undefined): Promise<void> {
  if (!predictions) return;
  const { item, alias, photo, resolve, reject } = decoded;
  const { predictionId, identity } = item;
  try {
    const photoKey = ports.photos.keyOf(identity, predictionId, photo);
    const record = recordOf({ ...decoded, request: item, predictions, predictionId });
    await keep(ports, { owner: identity, photoKey, record, alias, photoStored: storePhoto(ports, photoKey, photo) });
    resolve(record);
  } catch (error) {
    reject(error);
  }
}
