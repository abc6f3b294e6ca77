import type { SnapshotOutput, TrainingInput, ValidationOutput } from '@kilat/contracts';
import type { CandidateResult, Evaluation, TrainedModel } from '../recipe.ts';
import { runRefOf, type TrainingPorts } from './ports.ts';
import { readRunFile, runFile, writeRunBytes, writeRunFile } from './run-files.ts';
import { openJob } from './snapshot.ts';

/** A trained model but for its files, which lie beside. */
export type Trained = Omit<TrainedModel, 'files'>;

/** Chooses among the candidates, makes the model's files, and holds it against the champion on held-out rows. */
export async function evaluateModel(
  ports: TrainingPorts,
  run: TrainingInput,
  { snapshot, validation }: { readonly snapshot: SnapshotOutput; readonly validation: ValidationOutput },
): Promise<void> {
  await ports.runs.advance(runRefOf(run), { step: 'evaluate' });
  const { job, recipe } = await openJob(ports, run, snapshot);
  const results = await Promise.all(
    validation.candidates.map(({ index }) => readRunFile<CandidateResult>(ports, run, runFile.candidate(index))),
  );
  const { files, ...trained } = await recipe.finish(job, results);
  const evaluation = await recipe.evaluate(job, { manifest: trained.manifest, files });
  await keep(ports, run, { files, trained, evaluation });
  await ports.runs.advance(runRefOf(run), {
    candidates: [...trained.candidates],
    parameters: trained.parameters,
    estimate: trained.estimate,
    metrics: evaluation.metrics,
    ...(evaluation.championMetrics && { champion_metrics: evaluation.championMetrics }),
  });
}

interface Kept {
  readonly files: TrainedModel['files'];
  readonly trained: Trained;
  readonly evaluation: Evaluation;
}

async function keep(ports: TrainingPorts, run: TrainingInput, { files, trained, evaluation }: Kept): Promise<void> {
  const mediaType = 'application/octet-stream';
  await Promise.all([
    ...Object.entries(files).map(([name, bytes]) =>
      writeRunBytes(ports, run, { name: runFile.model(name), bytes, mediaType }),
    ),
    writeRunFile(ports, run, runFile.trained, trained),
    writeRunFile(ports, run, runFile.evaluation, evaluation),
  ]);
}
