import type { SnapshotOutput, TrainingInput, ValidationOutput } from '@kilat/contracts';
import { failures } from '../expectation.ts';
import { runRefOf, type TrainingPorts } from './ports.ts';
import { openJob } from './snapshot.ts';

/** Holds the dataset against what is expected of it, and names the candidates that are tried where all is well. */
export async function validateDataset(
  ports: TrainingPorts,
  run: TrainingInput,
  snapshot: SnapshotOutput,
): Promise<ValidationOutput> {
  await ports.runs.advance(runRefOf(run), { step: 'validate' });
  const { job, recipe } = await openJob(ports, run, snapshot);
  const expectations = await recipe.validate(job);
  await ports.runs.advance(runRefOf(run), { expectations });
  const valid = failures(expectations).length === 0;
  const specs = valid ? recipe.candidates(job.parent.manifest) : [];
  return { valid, candidates: specs.map(({ name, parameters }, index) => ({ index, name, parameters })) };
}
