import { etagOf, type SnapshotOutput, type TrainingInput } from '@kilat/contracts';
import { promote } from '../../registry/index.ts';
import { type Decision, decide } from '../policy.ts';
import type { Evaluation } from '../recipe.ts';
import { modelRefOf, runRefOf, type TrainingPorts } from './ports.ts';
import { TRAINER, versionOf } from './register.ts';
import { readRunFile, runFile } from './run-files.ts';

/**
 * Gives the registered version the alias that it earned. Somebody who moves the aliases at this moment wins: the step
 * fails, comes again, and sees what they did.
 * @throws {PreconditionFailedError}
 */
export async function promoteTrained(
  ports: TrainingPorts,
  run: TrainingInput,
  { parent_version }: SnapshotOutput,
): Promise<Decision> {
  await ports.runs.advance(runRefOf(run), { step: 'promote' });
  const ref = modelRefOf(run);
  const version = (await versionOf(ports, run))!;
  const evaluation = await readRunFile<Evaluation>(ports, run, runFile.evaluation);
  const state = await ports.registry.state(ref);
  const { champion } = state.aliases;
  const judged = decide(run.promotion, evaluation);
  const decision = champion === parent_version || champion === version ? judged : overtaken(judged, champion);
  const { alias, reason } = decision;
  if (alias !== 'none' && state.aliases[alias] !== version) {
    await promote(
      ports,
      ref,
      { version, alias },
      { by: TRAINER, ifMatch: etagOf(state), reason: reason.slice(0, 500) },
    );
  }
  await ports.runs.advance(runRefOf(run), { decision });
  return decision;
}

/** What was compared is no longer what serves. */
const overtaken = (judged: Decision, champion: string): Decision =>
  judged.alias === 'champion'
    ? { alias: 'challenger', reason: `version ${champion} became champion during the run, and was not compared` }
    : judged;
