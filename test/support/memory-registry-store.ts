import type { AliasState, AuditRecord, VersionRecord } from '@kilat/contracts';
import { type ModelRef, PreconditionFailedError, type RegistryStore } from '@kilat/core';

const named = ({ tenantId, model }: ModelRef): string => `${tenantId} ${model}`;

/** A registry in memory, as the contract of registry stores asks. */
export function memoryRegistryStore(): RegistryStore {
  const states = new Map<string, AliasState>();
  const versions = new Map<string, VersionRecord>();
  const counters = new Map<string, number>();
  const audits: { readonly tenantId: string; readonly record: AuditRecord }[] = [];

  return {
    state: async (ref) => states.get(named(ref)),

    async nextVersion(ref, above) {
      const next = (counters.get(named(ref)) ?? above) + 1;
      counters.set(named(ref), next);
      return String(next);
    },

    async addVersion(record, audit) {
      const key = `${record.tenant_id} ${record.manifest.name} ${record.manifest.version}`;
      if (versions.has(key)) throw new Error(`${key} is there already`);
      versions.set(key, record);
      audits.push({ tenantId: record.tenant_id, record: audit });
    },

    version: async (ref, version) => versions.get(`${named(ref)} ${version}`),

    versions: async (tenantId, model) =>
      [...versions.values()]
        .filter((record) => record.tenant_id === tenantId && (!model || record.manifest.name === model))
        .sort((a, b) => Number(b.manifest.version) - Number(a.manifest.version)),

    async move(tenantId, next, audit) {
      const key = named({ tenantId, model: next.model });
      if ((states.get(key)?.revision ?? 0) !== next.revision - 1) throw new PreconditionFailedError(next.model);
      states.set(key, next);
      audits.push({ tenantId, record: audit });
    },

    async audit({ tenantId, model }, limit, before) {
      const all = audits
        .filter((entry) => entry.tenantId === tenantId && entry.record.model === model)
        .map(({ record }) => record)
        .filter(({ audit_id }) => !before || audit_id < before)
        .sort((a, b) => (a.audit_id < b.audit_id ? 1 : -1));
      const records = all.slice(0, limit);
      return { records, ...(all.length > limit && { last: records.at(-1)!.audit_id }) };
    },
  };
}
