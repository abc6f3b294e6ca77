import type {
  AliasState,
  ModelManifest,
  ModelVersionDetail,
  ModelVersionView,
  Task,
  VersionRecord,
} from '@kilat/contracts';
import { ModelNotFoundError, ModelVersionNotFoundError } from '../errors.ts';
import { aliasesOf, initialState } from './aliases.ts';
import type { ModelRef, RegistryStore } from './registry-store.ts';

/** A version wherever it lies: in the image, or in the models bucket. */
export interface Version {
  readonly manifest: ModelManifest;
  /** absent for what came with the deployment */
  readonly record?: VersionRecord;
}

/**
 * A tenant's models: what came with the deployment, which every tenant has, and what the tenant registered or trained.
 */
export interface Registry {
  readonly store: RegistryStore;
  /** @throws {ModelNotFoundError} when neither the image nor the tenant has one of that name */
  state(ref: ModelRef): Promise<AliasState>;
  find(ref: ModelRef, version: string): Promise<Version | undefined>;
  /** Of one model, or of all that the tenant has; the newest of each first. @throws {ModelNotFoundError} */
  versions(tenantId: string, model?: string): Promise<Version[]>;
}

/** @param shipped the manifests of the models that the image carries */
export const registryOf = (store: RegistryStore, shipped: readonly ModelManifest[]): Registry => ({
  store,

  async state(ref) {
    const manifest = shipped.find(({ name }) => name === ref.model);
    const state = await store.state(ref);
    if (state) return state;
    if (!manifest) throw new ModelNotFoundError(ref.model, namesOf(shipped));
    return initialState(manifest.name, manifest.version);
  },

  async find(ref, version) {
    const manifest = shipped.find((candidate) => candidate.name === ref.model && candidate.version === version);
    if (manifest) return { manifest };
    const record = await store.version(ref, version);
    return record && { manifest: record.manifest, record };
  },

  async versions(tenantId, model) {
    const records = await store.versions(tenantId, model);
    const carried = shipped.filter(({ name }) => !model || name === model);
    const all = [
      ...records.map((record) => ({ manifest: record.manifest, record })),
      ...carried.map((manifest) => ({ manifest })),
    ];
    if (all.length === 0) throw new ModelNotFoundError(model!, namesOf(shipped));
    return all.sort(byNameThenNewest);
  },
});

/** What every tenant has; a tenant's own are told by `versions`, and not read for a refusal. */
const namesOf = (shipped: readonly ModelManifest[]): string[] => shipped.map(({ name }) => name).sort();

function byNameThenNewest({ manifest: a }: Version, { manifest: b }: Version): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return Number(b.version) - Number(a.version);
}

/** What a model is asked about: that of its champion, and of all its versions. @throws {ModelNotFoundError} */
export async function findTask(registry: Registry, ref: ModelRef): Promise<{ model: string; task: Task }> {
  const { model, aliases } = await registry.state(ref);
  const version = await registry.find(ref, aliases.champion);
  if (!version) throw new ModelVersionNotFoundError(model, aliases.champion);
  return { model, task: version.manifest.task };
}

/** A version as the API lists it. */
export const versionView = ({ manifest }: Version, state: AliasState): ModelVersionView => ({
  model: manifest.name,
  model_version: manifest.version,
  aliases: aliasesOf(state, manifest.version),
  task: manifest.task,
  description: manifest.description,
  licence: manifest.licence,
  sha256: manifest.weights.sha256,
  signature: manifest.signature,
  labels: manifest.labels,
  ...('table' in manifest && { table: manifest.table }),
  metrics: manifest.metrics,
});

/** A version as the API shows it by itself. @param card Markdown */
export function versionDetail(version: Version, state: AliasState, card: string): ModelVersionDetail {
  const { record } = version;
  return {
    ...versionView(version, state),
    lineage: record?.lineage ?? { origin: 'image' },
    card,
    ...(record && { registered_at: record.registered_at, registered_by: record.registered_by }),
    ...(record?.notes && { notes: record.notes }),
  };
}
