import {
  type DropMessage,
  inboxFolders,
  limits,
  modelNameSchema,
  PROBLEM_MEDIA_TYPE,
  type PredictionRecord,
  problem,
  TENANT_ID_PATTERN,
} from '@kilat/contracts';
import { type Digest, derivedId } from './derived-id.ts';
import { DayQuotaSpentError, MalformedRequestError, type PlatformError } from './errors.ts';
import { isRefusal } from './jobs/item-problem.ts';
import type { ObjectStore } from './jobs/store.ts';
import type { Photo } from './keep.ts';
import type { BatchPredict } from './predict-batch.ts';
import type { Quota } from './quota/index.ts';

export interface DropPorts {
  readonly inbox: ObjectStore;
  readonly predict: BatchPredict;
  /** @throws {PlatformError} when the bytes are no image that the API reads */
  readonly asPhoto: (bytes: Uint8Array) => Photo;
  readonly digest: Digest;
  readonly quota: Pick<Quota, 'countPredictions'>;
}

type DropRecord = DropMessage['Records'][number];

/** Under whom the history lists drops: S3 knows no user, so an admin sees them. */
export const DROP_USER = 'inbox';

/** One version of one object. */
interface Drop {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/**
 * Classifies one object that was put into `inbox/<tenant>/<model>/`: the answer goes to the same place under `results/`.
 * What is no image, or lies in no such place, is moved to `rejected/`, with a problem document beside it. Everything
 * follows from bucket, key and version, so that being told twice changes nothing.
 * @returns undefined where nothing is left to do: it was classified or rejected before, or somebody took it away
 */
export async function classifyDrop(
  ports: DropPorts,
  record: DropRecord,
): Promise<'classified' | 'rejected' | undefined> {
  const drop = dropOf(record);
  if (drop.key.endsWith('/')) return undefined; // a folder, as the console makes it
  try {
    const prediction = await predicted(ports, drop);
    if (!prediction) return undefined;
    await writeResult(ports, drop, prediction);
    return 'classified';
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await reject(ports, drop, error);
    return 'rejected';
  }
}

const dropOf = ({ s3 }: DropRecord): Drop => ({
  bucket: s3.bucket.name,
  key: decodeURIComponent(s3.object.key.replaceAll('+', ' ')),
  versionId: s3.object.versionId,
});

async function predicted(ports: DropPorts, drop: Drop): Promise<PredictionRecord | undefined> {
  const { bucket, key, versionId } = drop;
  const stored = await ports.inbox.read(key, { versionId, maxBytes: limits.maxImageBytes });
  if (!stored) return undefined;
  const { tenantId, modelName } = placeOf(key);
  if (await isClassified(ports, drop)) return undefined;
  await count(ports, tenantId);
  const predictionId = derivedId(stored.modifiedAtMs, ports.digest(`${bucket}/${key}#${versionId}`));
  return ports.predict({
    predictionId,
    identity: { tenantId, userId: DROP_USER },
    requestId: predictionId,
    modelName,
    topK: limits.defaultTopK,
    source: 's3',
    photo: async () => ports.asPhoto(stored.bytes),
  });
}

/** @throws {MalformedRequestError} */
function placeOf(key: string): { tenantId: string; modelName: string } {
  const [tenantId = '', modelName = '', ...rest] = key.slice(inboxFolders.inbox.length).split('/');
  if (TENANT_ID_PATTERN.test(tenantId) && modelNameSchema.safeParse(modelName).success && rest.length > 0) {
    return { tenantId, modelName };
  }
  throw new MalformedRequestError(`'${key}' lies in no folder of the form inbox/<tenant>/<model>/`);
}

/** Its result is written last: where it stands, an earlier delivery has done and counted everything. */
async function isClassified({ inbox }: DropPorts, { key, versionId }: Drop): Promise<boolean> {
  const result = await inbox.read(resultKey(key));
  return result !== undefined && JSON.parse(new TextDecoder().decode(result.bytes)).version_id === versionId;
}

/** @throws {DayQuotaSpentError} */
async function count({ quota }: DropPorts, tenantId: string): Promise<void> {
  const { granted } = await quota.countPredictions({ tenantId, userId: DROP_USER }, 1);
  if (granted === 0) throw new DayQuotaSpentError();
}

const resultKey = (key: string): string => `${placeIn(inboxFolders.results, key)}.json`;

const placeIn = (folder: string, key: string): string => folder + key.slice(inboxFolders.inbox.length);

/** The result of the newest version stands, in whichever order S3 tells of two. */
async function writeResult({ inbox }: DropPorts, { key, versionId }: Drop, record: PredictionRecord): Promise<void> {
  const newest = versionId === undefined ? undefined : await inbox.versionOf(key);
  if (newest !== versionId && newest !== undefined) return;
  const result = JSON.stringify({ key, version_id: versionId, ...record }, undefined, 2);
  await inbox.write(resultKey(key), result, 'application/json');
}

/** This very version is taken away, last: what was put under the same name since then stays. */
async function reject({ inbox }: DropPorts, { key, versionId }: Drop, error: PlatformError): Promise<void> {
  const target = placeIn(inboxFolders.rejected, key);
  const facts = { code: error.code, requestId: versionId ?? '', instance: key, detail: error.message };
  await inbox.copy({ key, versionId, target });
  await inbox.write(`${target}.problem.json`, JSON.stringify(problem(facts), undefined, 2), PROBLEM_MEDIA_TYPE);
  await inbox.remove(key, versionId);
}
