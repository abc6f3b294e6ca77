import type { Json, JsonObject } from '../json.ts';
import type { Timer } from '../timer.ts';
import type { Trail } from './history.ts';
import type { TaskRunner } from './tasks/task-runner.ts';
import type { TaskTokens } from './tasks/task-tokens.ts';

/** What all states of an execution share. */
export interface Surroundings {
  readonly timer: Timer;
  /** From 0 to below 1, for jitter. */
  readonly random: () => number;
  readonly tasks: TaskRunner;
  readonly tokens: TaskTokens;
  /** Runs what writes to the history, all of it or nothing. */
  readonly atomically: (write: () => void) => void;
  /** Of the state machine: its tasks act under it. */
  readonly roleArn: string;
}

/** A sequence of states: the machine's own, a branch's, or one item's. */
export interface Thread {
  readonly surroundings: Surroundings;
  readonly trail: Trail;
  /** The context object, without the state that it is at. */
  readonly context: JsonObject;
  /** Aborted when the sequence must end where it is; its reason is thrown. */
  readonly signal: AbortSignal;
  /** Told of each state as it is entered, together with its event. */
  readonly onEntered?: (visit: Visit) => void;
}

/** A state on its way from being entered to being left; one that was interrupted goes on from here. */
export interface Visit {
  readonly stateName: string;
  readonly input: Json;
  readonly enteredAtMs: number;
}

/** Why a thread ends though none of its own states failed. */
export class Interruption extends Error {
  override readonly name: string = 'Interruption';
}

/** Another branch or item failed: the history tells of those that end with it. */
export class SiblingFailed extends Interruption {
  override readonly name = 'SiblingFailed';
}
