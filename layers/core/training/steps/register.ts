import type { Lineage, Run, SnapshotOutput, TrainingInput } from '@kilat/contracts';
import { addVersion, type ModelRef, type Version } from '../../registry/index.ts';
import type { Evaluation } from '../recipe.ts';
import type { Trained } from './evaluate.ts';
import { modelRefOf, runRefOf, type TrainingPorts } from './ports.ts';
import { readRunBytes, readRunFile, runFile } from './run-files.ts';

/** Who registers and moves what a run trained. */
export const TRAINER = 'training';

/** Registers the trained model as the next version, once: a run that comes here again finds its own. */
export async function registerTrained(
  ports: TrainingPorts,
  run: TrainingInput,
  snapshot: SnapshotOutput,
): Promise<void> {
  await ports.runs.advance(runRefOf(run), { step: 'register' });
  const ref = modelRefOf(run);
  const version = (await versionOf(ports, run)) ?? (await add(ports, run, snapshot, ref));
  await ports.runs.advance(runRefOf(run), { version });
}

/** @returns undefined where nothing of the run is registered */
export async function versionOf({ registry }: TrainingPorts, run: TrainingInput): Promise<string | undefined> {
  const versions = await registry.versions(run.tenant_id, run.model);
  return versions.find(({ record }) => record?.lineage.run_id === run.run_id)?.manifest.version;
}

async function add(ports: TrainingPorts, run: TrainingInput, snapshot: SnapshotOutput, ref: ModelRef): Promise<string> {
  const [trained, evaluation, record, versions] = await Promise.all([
    readRunFile<Trained>(ports, run, runFile.trained),
    readRunFile<Evaluation>(ports, run, runFile.evaluation),
    ports.runs.find(runRefOf(run)),
    ports.registry.versions(run.tenant_id, run.model),
  ]);
  const version = await ports.registry.store.nextVersion(ref, highest(versions));
  const lineage = lineageOf({ run, snapshot, trained, evaluation, record, codeRevision: ports.codeRevision });
  await addVersion(ports, ref, {
    manifest: { ...trained.manifest, version },
    golden: trained.golden,
    lineage,
    by: run.trigger === 'request' ? run.user_id : TRAINER,
    place: async (key, file) =>
      ports.files.writeBytes(key, await readRunBytes(ports, run, runFile.model(file)), 'application/octet-stream'),
  });
  return version;
}

const highest = (versions: readonly Version[]): number =>
  Math.max(0, ...versions.filter(({ record }) => !record).map(({ manifest }) => Number(manifest.version)));

interface Origins {
  readonly run: TrainingInput;
  readonly snapshot: SnapshotOutput;
  readonly trained: Trained;
  readonly evaluation: Evaluation;
  readonly record: Run | undefined;
  readonly codeRevision: string;
}

const lineageOf = ({ run, snapshot, trained, evaluation, record, codeRevision }: Origins): Lineage => ({
  origin: 'trained',
  run_id: run.run_id,
  parent_version: snapshot.parent_version,
  dataset_sha256: snapshot.dataset_sha256,
  ...(record?.dataset_rows !== undefined && { dataset_rows: record.dataset_rows }),
  code_revision: codeRevision,
  parameters: { ...trained.parameters },
  metrics: { ...evaluation.metrics },
});
