import type { AuditPage, Identity, ModelVersionDetail, ModelVersionView } from '@kilat/contracts';
import { ModelVersionNotFoundError } from '../errors.ts';
import { decodeCursor, encodeCursor } from '../prediction-id.ts';
import { assertAdmin } from '../tenancy.ts';
import { type Registry, type Version, versionDetail, versionView } from './registry.ts';
import type { ModelRef } from './registry-store.ts';

/** Reads the model card of a version, wherever it lies. */
export type ReadCard = (ref: ModelRef, version: Version) => Promise<string>;

/** @throws {ModelNotFoundError} */
export async function showChampion(registry: Registry, ref: ModelRef): Promise<ModelVersionView> {
  const state = await registry.state(ref);
  return versionView(await mustFind(registry, ref, state.aliases.champion), state);
}

/** Of one model, or of all that the tenant has. @throws {ModelNotFoundError} */
export async function listVersions(registry: Registry, tenantId: string, model?: string): Promise<ModelVersionView[]> {
  const versions = await registry.versions(tenantId, model);
  const models = [...new Set(versions.map(({ manifest }) => manifest.name))];
  const states = new Map(
    await Promise.all(models.map(async (name) => [name, await registry.state({ tenantId, model: name })] as const)),
  );
  return versions.map((version) => versionView(version, states.get(version.manifest.name)!));
}

/** @throws {ModelNotFoundError | ModelVersionNotFoundError} */
export async function showVersion(
  registry: Registry,
  readCard: ReadCard,
  ref: ModelRef,
  version: string,
): Promise<ModelVersionDetail> {
  const state = await registry.state(ref);
  const found = await mustFind(registry, ref, version);
  return versionDetail(found, state, await readCard(ref, found));
}

async function mustFind(registry: Registry, ref: ModelRef, version: string): Promise<Version> {
  const found = await registry.find(ref, version);
  if (!found) throw new ModelVersionNotFoundError(ref.model, version);
  return found;
}

/** @throws {ForbiddenError} when the caller is no admin @throws {ModelNotFoundError} */
export async function listAudit(
  registry: Registry,
  identity: Identity,
  model: string,
  { limit, next_cursor }: { readonly limit: number; readonly next_cursor?: string | undefined },
): Promise<AuditPage> {
  assertAdmin(identity);
  const ref = { tenantId: identity.tenantId, model };
  await registry.state(ref);
  const { records, last } = await registry.store.audit(ref, limit, next_cursor && decodeCursor(next_cursor));
  return { items: records, ...(last && { next_cursor: encodeCursor(last) }) };
}
