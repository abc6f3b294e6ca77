import type { SnapshotOutput, TrainingInput, ValidationOutput } from '@kilat/contracts';
import { runRefOf, type TrainingPorts } from './ports.ts';
import { runFile, writeRunFile } from './run-files.ts';
import { openJob } from './snapshot.ts';

/** Trains one candidate, and leaves what was found for the evaluation. */
export async function trainCandidate(
  ports: TrainingPorts,
  run: TrainingInput,
  {
    snapshot,
    candidate,
  }: { readonly snapshot: SnapshotOutput; readonly candidate: ValidationOutput['candidates'][number] },
): Promise<void> {
  await ports.runs.advance(runRefOf(run), { step: 'train' });
  const { job, recipe } = await openJob(ports, run, snapshot);
  const { index, name, parameters } = candidate;
  await writeRunFile(ports, run, runFile.candidate(index), await recipe.train(job, { name, parameters }));
}
