import type { ModelManifest, TrainingEndedEvent, TrainingInput } from '@kilat/contracts';
import type { Row } from '../../learning/index.ts';
import type { ModelFiles, ModelRef, MovePorts, Version } from '../../registry/index.ts';
import type { Rasterize } from '../../reports/index.ts';
import type { Sha256 } from '../canonical.ts';
import type { Dataset } from '../dataset.ts';
import type { ReadFeedback } from '../feedback-examples.ts';
import type { Recipe, VersionFiles } from '../recipe.ts';
import type { RunRef, RunStore } from '../run-store.ts';

/** The files of runs and versions, in the models bucket. */
export interface RunFiles extends Pick<ModelFiles, 'write'> {
  /** @returns undefined when nothing is there */
  read(key: string): Promise<Uint8Array | undefined>;
  writeBytes(key: string, bytes: Uint8Array, mediaType: string): Promise<void>;
}

/** Datasets by the hash of their content. */
export interface Snapshots {
  /** Writes it once: the same dataset is the same file. */
  write(ref: ModelRef, sha256: string, dataset: Dataset): Promise<void>;
  /** @throws {SourceNotFoundError} */
  read(ref: ModelRef, sha256: string): Promise<Dataset>;
}

/** What the steps of a run need of the world. */
export interface TrainingPorts extends MovePorts {
  /** @throws {NotTrainableError} when nobody knows how to train such a model */
  readonly recipeFor: (manifest: ModelManifest) => Recipe;
  readonly runs: RunStore;
  readonly files: RunFiles;
  readonly snapshots: Snapshots;
  /**
   * The rows of a CSV, NDJSON or Parquet file in the inbox bucket.
   * @throws {SourceNotFoundError} when nothing is there, it cannot be read, or it is longer than allowed
   */
  readonly readSource: (key: string) => Promise<Row[]>;
  readonly readFeedback: ReadFeedback;
  readonly openFiles: (ref: ModelRef, version: Version) => Promise<VersionFiles>;
  readonly rasterize: Rasterize;
  readonly sha256: Sha256;
  readonly putEvent: (event: TrainingEndedEvent) => Promise<void>;
  /** of the code that trains */
  readonly codeRevision: string;
}

export const modelRefOf = ({ tenant_id: tenantId, model }: TrainingInput): ModelRef => ({ tenantId, model });
export const runRefOf = ({ tenant_id: tenantId, run_id: runId }: TrainingInput): RunRef => ({ tenantId, runId });
