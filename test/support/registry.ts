import type { AuditRecord, ModelManifest, VersionRecord } from '@kilat/contracts';
import { readManifest } from '../../layers/adapters/model-folder.ts';

/** The manifest of the model that ships. */
export const signs: ModelManifest = await readManifest('models/signs');

export const aVersion = (version: string, changes: Partial<VersionRecord> = {}): VersionRecord => ({
  tenant_id: 'acme',
  manifest: { ...signs, version },
  lineage: { origin: 'registered' },
  registered_at: '2026-11-20T08:00:00.000Z',
  registered_by: 'ada',
  ...changes,
});

/** @param n becomes the last digits of its id, so that audits sort by it */
export const anAudit = (n: number, changes: Partial<AuditRecord> = {}): AuditRecord => ({
  audit_id: `019ab000-0000-7000-8000-${String(n).padStart(12, '0')}`,
  model: 'signs',
  action: 'promote',
  version: '2',
  by: 'ada',
  at: '2026-11-20T08:00:00.000Z',
  ...changes,
});
