import {
  type AuditRecord,
  artefactsOf,
  type Golden,
  goldenSchema,
  type Identity,
  type Lineage,
  limits,
  type ModelManifest,
  type ModelVersionDetail,
  modelFiles,
  modelFolderKey,
  modelManifestSchema,
  type RegisterRequest,
  type Verdict,
  type VerifyRequest,
  type VersionRecord,
} from '@kilat/contracts';
import { ModelNotFoundError, ModelRefusedError, SourceNotFoundError } from '../errors.ts';
import { assertUploaded } from '../jobs/tenant-keys.ts';
import { countGoldenCases } from '../tasks/index.ts';
import { assertAdmin } from '../tenancy.ts';
import { initialState } from './aliases.ts';
import { modelCard } from './model-card.ts';
import type { MovePorts } from './move.ts';
import { versionDetail } from './registry.ts';
import type { ModelRef } from './registry-store.ts';

/** An object as it was when it was looked at, whatever is put under its key since. */
export interface PinnedObject {
  readonly key: string;
  readonly versionId: string | undefined;
}

/** What was uploaded. */
export interface Uploads {
  /** @returns undefined when nothing is there */
  pin(key: string): Promise<PinnedObject | undefined>;
  read(object: PinnedObject, maxBytes: number): Promise<Uint8Array>;
  /** A link through which just this object can be read, for some minutes. */
  link(object: PinnedObject): Promise<string>;
}

/** The bucket of models. */
export interface ModelFiles {
  write(key: string, content: string, mediaType: string): Promise<void>;
  /** Copies an upload within S3. */
  take(object: PinnedObject, key: string): Promise<void>;
}

export interface RegisterPorts extends MovePorts {
  readonly uploads: Uploads;
  readonly files: ModelFiles;
  /** Runs a candidate where it can do no harm. */
  readonly verify: (request: VerifyRequest) => Promise<Verdict>;
}

/** A manifest or golden cases are text: a megabyte is a long one. */
const MAX_TEXT_BYTES = 1024 * 1024;

/**
 * Registers what was uploaded as the next version, once a function that may do nothing else has run it: with the
 * signature that it states, and the answers of its golden cases. The first version of a new name becomes its champion.
 * @throws {ForbiddenError} when the caller is no admin, or an upload is another tenant's
 * @throws {SourceNotFoundError} when an upload is not there
 * @throws {ModelRefusedError} with every reason
 */
export async function registerModel(
  ports: RegisterPorts,
  identity: Identity,
  model: string,
  request: RegisterRequest,
): Promise<ModelVersionDetail> {
  assertAdmin(identity);
  const ref = { tenantId: identity.tenantId, model };
  const weights = await pinned(ports, identity, request.weights);
  const manifest = await readJson(ports, identity, request.manifest, modelManifestSchema, ref);
  const golden = await readJson(ports, identity, request.golden, goldenSchema, ref);
  await assertCandidate(ports, ref, manifest, golden);
  const files = await pinnedFiles(ports, identity, ref, manifest, request.files);
  const verdict = await ports.verify({
    manifest,
    golden,
    weights_url: await ports.uploads.link(weights),
    file_urls: Object.fromEntries(
      await Promise.all([...files].map(async ([name, object]) => [name, await ports.uploads.link(object)] as const)),
    ),
  });
  if (!verdict.accepted) throw refusal(ref, 'weights', verdict.reasons);

  const version = await ports.registry.store.nextVersion(ref, await highestShipped(ports, ref));
  const { sha256, bytes } = verdict;
  const own = { ...manifest.weights, sha256, bytes, urls: [] };
  const place = (key: string, name: string) => ports.files.take(files.get(name) ?? weights, key);
  return addVersion(ports, ref, {
    manifest: { ...manifest, version, weights: own },
    golden,
    lineage: { origin: 'registered' },
    by: identity.userId,
    notes: request.notes,
    place,
  });
}

/** A version that is known to be good. */
export interface NewVersion {
  readonly manifest: ModelManifest;
  readonly golden: Golden;
  readonly lineage: Lineage;
  readonly by: string;
  readonly notes?: string | undefined;
  /** Puts a file under this key: the weights, and each that the manifest names beside them. */
  readonly place: (key: string, file: string) => Promise<void>;
}

/**
 * Writes the files of a version, then the version itself: who finds the one finds the others.
 * @throws whatever the stores throw; files without a version are found by nobody
 */
export async function addVersion(
  ports: MovePorts & { readonly files: Pick<ModelFiles, 'write'> },
  ref: ModelRef,
  { manifest, golden, lineage, by, notes, place }: NewVersion,
): Promise<ModelVersionDetail> {
  const folder = modelFolderKey(ref.tenantId, ref.model, manifest.version);
  const at = new Date(ports.now()).toISOString();
  const record: VersionRecord = {
    tenant_id: ref.tenantId,
    manifest,
    lineage,
    registered_at: at,
    registered_by: by,
    ...(notes && { notes }),
  };
  const card = modelCard(record);
  await Promise.all([
    ...[manifest.weights, ...artefactsOf(manifest)].map(({ file }) => place(folder + file, file)),
    ports.files.write(folder + modelFiles.manifest, JSON.stringify(manifest), 'application/json'),
    ports.files.write(folder + modelFiles.golden, JSON.stringify(golden), 'application/json'),
    ports.files.write(folder + modelFiles.card, card, 'text/markdown; charset=utf-8'),
  ]);
  const audit = { model: ref.model, version: manifest.version, by, at };
  await ports.registry.store.addVersion(record, { ...audit, action: 'register', audit_id: ports.newId() });
  const state = await stateOrFirst(ports, ref, audit);
  return versionDetail({ manifest, record }, state, card);
}

/** A name that was unknown until now has a champion from now on. */
async function stateOrFirst(
  { registry, newId }: Pick<RegisterPorts, 'registry' | 'newId'>,
  ref: ModelRef,
  audit: Pick<AuditRecord, 'model' | 'version' | 'by' | 'at'>,
) {
  try {
    return await registry.state(ref);
  } catch (error) {
    if (!(error instanceof ModelNotFoundError)) throw error;
    const first = {
      ...initialState(ref.model, audit.version),
      revision: 1,
      updated_at: audit.at,
      updated_by: audit.by,
    };
    const { aliases: after, revision } = first;
    await registry.store.move(ref.tenantId, first, { ...audit, audit_id: newId(), action: 'promote', after, revision });
    return first;
  }
}

async function pinned({ uploads }: RegisterPorts, identity: Identity, key: string): Promise<PinnedObject> {
  assertUploaded(identity, key);
  const object = await uploads.pin(key);
  if (!object) throw new SourceNotFoundError(`nothing is at '${key}'`);
  return object;
}

/** The other files that a manifest names, each uploaded before. @throws {ModelRefusedError} when one was not named */
async function pinnedFiles(
  ports: RegisterPorts,
  identity: Identity,
  ref: ModelRef,
  manifest: ModelManifest,
  keys: RegisterRequest['files'],
): Promise<Map<string, PinnedObject>> {
  const names = artefactsOf(manifest).map(({ file }) => file);
  const missing = names.filter((name) => keys[name] === undefined);
  if (missing.length > 0) {
    throw refusal(ref, 'files', [`its manifest names ${missing.join(', ')}, which "files" gives no key of`]);
  }
  return new Map(
    await Promise.all(names.map(async (name) => [name, await pinned(ports, identity, keys[name]!)] as const)),
  );
}

type Schema<T> = { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Issues } };
type Issues = { readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[] };

async function readJson<T>(
  ports: RegisterPorts,
  identity: Identity,
  key: string,
  schema: Schema<T>,
  ref: ModelRef,
): Promise<T> {
  const bytes = await ports.uploads.read(await pinned(ports, identity, key), MAX_TEXT_BYTES);
  const parsed = schema.safeParse(parseJson(ref, key, bytes));
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({
    pointer: `${key}#/${path.join('/')}`,
    detail: message,
  }));
  throw new ModelRefusedError(ref.model, errors);
}

function parseJson(ref: ModelRef, key: string, bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw refusal(ref, key, ['it is no JSON']);
  }
}

async function assertCandidate(
  ports: RegisterPorts,
  ref: ModelRef,
  manifest: ModelManifest,
  golden: Golden,
): Promise<void> {
  if (manifest.name !== ref.model) throw refusal(ref, 'manifest', [`its manifest calls it '${manifest.name}'`]);
  if (manifest.weights.bytes > limits.registry.maxWeightsBytes) {
    throw refusal(ref, 'manifest', [
      `its weights have ${manifest.weights.bytes} bytes; ${limits.registry.maxWeightsBytes} are allowed`,
    ]);
  }
  if (countGoldenCases(manifest, golden) === 0) {
    throw refusal(ref, 'golden', [`${noCase[manifest.task]}; without one nobody can tell whether it is loaded right`]);
  }
  await assertLike(ports, ref, manifest);
}

const noCase = {
  'image-classification': 'it has no tensor case',
  'tabular-classification': 'it has no instance case',
} as const satisfies Record<ModelManifest['task'], string>;

/** Clients of a model are spared another task and other labels under the same name. */
async function assertLike({ registry }: RegisterPorts, ref: ModelRef, manifest: ModelManifest): Promise<void> {
  const state = await registry.state(ref).catch((error: unknown) => {
    if (error instanceof ModelNotFoundError) return undefined;
    throw error;
  });
  const champion = state && (await registry.find(ref, state.aliases.champion))?.manifest;
  if (!champion) return;
  const reasons = [
    ...(champion.task === manifest.task ? [] : [`its task is ${manifest.task}, the champion's ${champion.task}`]),
    ...(sameMembers(champion.labels, manifest.labels) ? [] : ['its labels are not those of the champion']),
  ];
  if (reasons.length > 0) throw refusal(ref, 'manifest', reasons);
}

const sameMembers = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && new Set([...a, ...b]).size === new Set(a).size;

async function highestShipped({ registry }: RegisterPorts, ref: ModelRef): Promise<number> {
  const versions = await registry.versions(ref.tenantId, ref.model).catch((error: unknown) => {
    if (error instanceof ModelNotFoundError) return [];
    throw error;
  });
  return Math.max(0, ...versions.map(({ manifest }) => Number(manifest.version)));
}

const refusal = (ref: ModelRef, pointer: string, reasons: readonly string[]): ModelRefusedError =>
  new ModelRefusedError(
    ref.model,
    reasons.map((detail) => ({ pointer, detail })),
  );
