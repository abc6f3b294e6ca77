import { modelFiles, modelFolderKey, type Run, type TrainingInput, trainingEndedEventSchema } from '@kilat/contracts';
import { reportFiles } from '../../reports/index.ts';
import type { Evaluation } from '../recipe.ts';
import type { Trained } from './evaluate.ts';
import { runRefOf, type TrainingPorts } from './ports.ts';
import { readRunFile, runFile, writeRunBytes } from './run-files.ts';

/** Ends a run whose steps are done: draws what people look at, notes the end, and tells the event bus. */
export async function notifyEnd(
  ports: TrainingPorts,
  run: TrainingInput,
  state: 'succeeded' | 'rejected',
): Promise<Run | undefined> {
  await ports.runs.advance(runRefOf(run), { step: 'notify' });
  const artefacts = await writeReports(ports, run, state);
  return end(ports, run, { state, artefacts });
}

/** Ends a run at the error that stopped it. What it registered is none of what serves. */
export const endFailed = (
  ports: TrainingPorts,
  run: TrainingInput,
  problem: NonNullable<Run['problem']>,
): Promise<Run | undefined> => end(ports, run, { state: 'failed', problem });

async function end(ports: TrainingPorts, run: TrainingInput, changes: Partial<Run>): Promise<Run | undefined> {
  const finishedAt = new Date(ports.now()).toISOString();
  const ended = await ports.runs.end(runRefOf(run), run.model, { ...changes, finished_at: finishedAt });
  const record = ended ?? (await ports.runs.find(runRefOf(run)));
  // Again where the run had ended before: whoever died between the two tells it now, under the same id.
  if (record) await ports.putEvent(endedEvent(run.tenant_id, record));
  return ended;
}

const endedEvent = (tenantId: string, run: Run) =>
  trainingEndedEventSchema.parse({
    specversion: '1.0',
    id: run.run_id,
    source: '/v1/runs',
    type: 'kilat.training.ended',
    subject: run.run_id,
    tenantid: tenantId,
    time: run.finished_at,
    datacontenttype: 'application/json',
    data: run,
  });

async function writeReports(ports: TrainingPorts, run: TrainingInput, state: Run['state']): Promise<string[]> {
  const record = await ports.runs.find(runRefOf(run));
  if (!record) return [];
  const files = await reportFiles(
    { run: { ...record, state }, ...(await findings(ports, run, record)) },
    ports.rasterize,
  );
  await Promise.all(
    [...files].map(([name, { bytes, mediaType }]) => writeRunBytes(ports, run, { name, bytes, mediaType })),
  );
  return [...files.keys()];
}

async function findings(ports: TrainingPorts, run: TrainingInput, { version }: Run) {
  if (version === undefined) return {};
  const [{ report }, { importance }, card] = await Promise.all([
    readRunFile<Evaluation>(ports, run, runFile.evaluation),
    readRunFile<Trained>(ports, run, runFile.trained),
    ports.files.read(modelFolderKey(run.tenant_id, run.model, version) + modelFiles.card),
  ]);
  return { evaluation: report, importance, modelCard: card && new TextDecoder().decode(card) };
}
