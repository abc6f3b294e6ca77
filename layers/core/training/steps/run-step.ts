import type { Run, TrainingTask, ValidationOutput } from '@kilat/contracts';
import { endFailed, notifyEnd } from './end.ts';
import { evaluateModel } from './evaluate.ts';
import type { TrainingPorts } from './ports.ts';
import { asStepError, problemOf } from './problem.ts';
import { promoteTrained } from './promote.ts';
import { registerTrained } from './register.ts';
import { takeSnapshot } from './snapshot.ts';
import { trainCandidate } from './train.ts';
import { validateDataset } from './validate.ts';

/** Told of a run that ended in this very step. */
export type OnEnded = (run: Run) => void;

/**
 * Does one step of a run. Each may come twice, and leaves the same the second time.
 * @returns what the state machine hands on: keys and names
 * @throws {RefusedStepError} for what no second try helps
 */
export async function runStep(ports: TrainingPorts, task: TrainingTask, onEnded: OnEnded): Promise<object> {
  try {
    return (await done(ports, task, onEnded)) ?? {};
  } catch (error) {
    throw asStepError(error);
  }
}

async function done(ports: TrainingPorts, task: TrainingTask, onEnded: OnEnded): Promise<object | undefined> {
  const { run } = task;
  switch (task.operation) {
    case 'snapshot':
      return takeSnapshot(ports, run);
    case 'validate':
      return validateDataset(ports, run, task.snapshot) satisfies Promise<ValidationOutput>;
    case 'train':
      await trainCandidate(ports, run, task);
      return undefined;
    case 'evaluate':
      await evaluateModel(ports, run, task);
      return undefined;
    case 'register':
      await registerTrained(ports, run, task.snapshot);
      return undefined;
    case 'promote':
      return promoteTrained(ports, run, task.snapshot);
    case 'notify':
      return told(await notifyEnd(ports, run, task.validation.valid ? 'succeeded' : 'rejected'), onEnded);
    case 'fail':
      return told(await endFailed(ports, run, problemOf(task.error)), onEnded);
  }
}

function told(ended: Run | undefined, onEnded: OnEnded): undefined {
  if (ended) onEnded(ended);
}
