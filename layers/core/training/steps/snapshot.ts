import type { ModelManifest, SnapshotOutput, TrainingInput } from '@kilat/contracts';
import { NotTrainableError } from '../../errors.ts';
import type { Row } from '../../learning/index.ts';
import type { Version } from '../../registry/index.ts';
import { assembleDataset, canonicalText } from '../canonical.ts';
import type { Dataset } from '../dataset.ts';
import type { Recipe, TrainingJob } from '../recipe.ts';
import { reasonAgainstTraining } from '../trainable.ts';
import { modelRefOf, runRefOf, type TrainingPorts } from './ports.ts';

/**
 * Writes down what the run learns from, so that nothing which changes afterwards changes it: the source's rows, what
 * users corrected, which rows are held out, and who is champion.
 * @throws {NotTrainableError} @throws {SourceNotFoundError}
 */
export async function takeSnapshot(ports: TrainingPorts, run: TrainingInput): Promise<SnapshotOutput> {
  await ports.runs.advance(runRefOf(run), { state: 'running', step: 'snapshot' });
  const ref = modelRefOf(run);
  const { aliases } = await ports.registry.state(ref);
  const { manifest } = (await ports.registry.find(ref, aliases.champion)) as Version;
  const reason = reasonAgainstTraining(manifest);
  if (reason) throw new NotTrainableError(run.model, reason);
  const recipe = ports.recipeFor(manifest);
  const dataset = assembleDataset({
    columns: recipe.columns(manifest),
    source: await sourceRows(ports, run, { recipe, manifest }),
    feedback: await feedbackRows(ports, run, { recipe, manifest }),
    keyOf: (row) => recipe.keyOf(manifest, row),
    seed: run.seed,
    sha256: ports.sha256,
  });
  const sha256 = ports.sha256(canonicalText(dataset));
  await ports.snapshots.write(ref, sha256, dataset);
  await ports.runs.advance(runRefOf(run), { dataset_sha256: sha256, dataset_rows: dataset.rows.length });
  return { dataset_sha256: sha256, parent_version: aliases.champion };
}

interface Reading {
  readonly recipe: Recipe;
  readonly manifest: ModelManifest;
}

async function feedbackRows({ readFeedback }: TrainingPorts, run: TrainingInput, { recipe, manifest }: Reading) {
  const examples = await readFeedback(modelRefOf(run));
  return examples.map(({ row, heldOut }) => ({ row: recipe.readRow(manifest, row), heldOut }));
}

/** Where no source is named, the rows of the last run that had any; where there was none, feedback alone. */
async function sourceRows(ports: TrainingPorts, run: TrainingInput, { recipe, manifest }: Reading): Promise<Row[]> {
  if (run.source !== undefined) {
    return (await ports.readSource(run.source)).map((cells) => recipe.readRow(manifest, cells));
  }
  const last = await lastDataset(ports, run);
  return last ? last.rows.filter((_, index) => last.origins[index] === 'source') : [];
}

const RUNS_LOOKED_BACK = 100;

/** A rejected run's data is not taken again. */
async function lastDataset({ runs, snapshots }: TrainingPorts, run: TrainingInput): Promise<Dataset | undefined> {
  const ref = modelRefOf(run);
  const earlier = await runs.select({ ...ref, before: run.run_id, limit: RUNS_LOOKED_BACK });
  const last = earlier.runs.find(({ state, dataset_sha256 }) => state === 'succeeded' && dataset_sha256);
  return last && snapshots.read(ref, last.dataset_sha256!);
}

/** What the steps after the snapshot work on. */
export async function openJob(
  ports: TrainingPorts,
  run: TrainingInput,
  { dataset_sha256, parent_version }: SnapshotOutput,
): Promise<{ readonly job: TrainingJob; readonly recipe: Recipe }> {
  const ref = modelRefOf(run);
  const version = (await ports.registry.find(ref, parent_version)) as Version;
  const recipe = ports.recipeFor(version.manifest);
  const { manifest } = version;
  const snapshot = await ports.snapshots.read(ref, dataset_sha256);
  const dataset = { ...snapshot, rows: snapshot.rows.map((cells) => recipe.readRow(manifest, cells)) };
  return { recipe, job: { parent: await ports.openFiles(ref, version), dataset, seed: run.seed } };
}
