import type { Golden } from '@kilat/contracts';
import type { Session } from './session.ts';

/** The files of a model that lie beside its weights, by name. */
export type ArtefactFiles = ReadonlyMap<string, Uint8Array>;

/** One known answer beside the model's own. */
export interface GoldenResult {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
  /** the largest difference of any value; Infinity where there are other values, or none */
  readonly deviation: number;
  /** the largest that is allowed */
  readonly tolerance: number;
}

/** What the platform has to know of a task in order to load, prove and register its models. */
export interface TaskRow<Manifest, Model> {
  /** What is wrong with a manifest that its schema cannot see. @returns a reason; none where all is well */
  readonly fault: (manifest: Manifest) => string | undefined;
  /** @throws {ModelUnusableError} when a file is missing, or does not fit the manifest */
  readonly open: (manifest: Manifest, session: Session, files: ArtefactFiles) => Model;
  /** Runs the model on something blank: what succeeds here is loaded and able to answer. */
  readonly probe: (model: Model) => Promise<void>;
  /** How many golden cases can be run with the model alone; without one nobody can tell whether it is loaded right. */
  readonly countCases: (golden: Golden) => number;
  /** Runs these cases. */
  readonly runCases: (model: Model, golden: Golden) => Promise<GoldenResult[]>;
}
