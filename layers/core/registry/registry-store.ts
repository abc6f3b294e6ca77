import type { AliasState, AuditRecord, VersionRecord } from '@kilat/contracts';

/** One tenant's view of one model. */
export interface ModelRef {
  readonly tenantId: string;
  readonly model: string;
}

export interface AuditRecords {
  readonly records: AuditRecord[];
  /** the id up to which was read; absent at the end */
  readonly last?: string;
}

/** What keeps versions and aliases. What came with the deployment is not in it until a tenant moves away from it. */
export interface RegistryStore {
  state(ref: ModelRef): Promise<AliasState | undefined>;
  /** Monotone: a number is never given twice, and is above `above`. A registration that fails leaves a gap. */
  nextVersion(ref: ModelRef, above: number): Promise<string>;
  /** Writes a version and its line in the audit together. @throws {Error} when the version is there already */
  addVersion(record: VersionRecord, audit: AuditRecord): Promise<void>;
  version(ref: ModelRef, version: string): Promise<VersionRecord | undefined>;
  /** The newest first; of all models where none is named. */
  versions(tenantId: string, model?: string): Promise<VersionRecord[]>;
  /**
   * Writes aliases and their line in the audit together, where the revision is still the one before.
   * @throws {PreconditionFailedError} when somebody moved them since; then nothing is written
   */
  move(tenantId: string, next: AliasState, audit: AuditRecord): Promise<void>;
  /** The newest first. */
  audit(ref: ModelRef, limit: number, before?: string): Promise<AuditRecords>;
}
