import type { DatabaseSync } from 'node:sqlite';
import { atomically } from '../atomically.ts';
import type { Json } from '../json.ts';
import type { Timer } from '../timer.ts';
import type { Definition } from './definition.ts';
import type { Ending, Execution, ExecutionStatus } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { type EventType, type RecordEvent, Trail } from './history.ts';
import type { HistoryStore } from './history-store.ts';
import { executionArn, stateMachineArn } from './names.ts';
import { executionAlreadyExists } from './refusals.ts';
import { resumeStates, runStates } from './run-states.ts';
import type { StateMachine } from './state-machine-store.ts';
import { StatesError } from './states-error.ts';
import type { TaskRunner } from './tasks/task-runner.ts';
import type { TaskTokens } from './tasks/task-tokens.ts';
import { Interruption, type Thread } from './thread.ts';

export interface ExecutionsOptions {
  readonly db: DatabaseSync;
  readonly store: ExecutionStore;
  readonly history: HistoryStore;
  readonly timer: Timer;
  readonly random: () => number;
  readonly tasks: TaskRunner;
  readonly tokens: TaskTokens;
  /** Told of an execution that started, was redriven or ended. */
  readonly onStatus: (execution: Execution) => void;
  readonly onFault: (error: unknown) => void;
}

class Stopped extends Interruption {
  override readonly name = 'Stopped';
  readonly error: string | undefined;
  readonly failureCause: string | undefined;

  constructor(error: string | undefined, failureCause: string | undefined) {
    super('the execution was stopped');
    this.error = error;
    this.failureCause = failureCause;
  }
}

class TimedOut extends Interruption {
  override readonly name = 'TimedOut';
}

/** The local cloud stops; the execution goes on when it starts again. */
class Paused extends Interruption {
  override readonly name = 'Paused';
}

interface Running {
  readonly abort: AbortController;
  readonly ended: Promise<void>;
}

/** Starts, ends and goes on with executions; each writes down what happens as it happens. */
export class Executions {
  readonly #options: ExecutionsOptions;
  readonly #running = new Map<string, Running>();

  constructor(options: ExecutionsOptions) {
    this.#options = options;
  }

  /**
   * @param input as JSON
   * @returns the one that runs already, where it has that name and that input
   * @throws {AwsError} ExecutionAlreadyExists
   */
  start(machine: StateMachine, name: string, input: string): Execution {
    const { db, store, timer, onStatus } = this.#options;
    const arn = executionArn(machine.name, name);
    const existing = store.find(arn);
    if (existing?.status === 'RUNNING' && existing.input === input) return existing;
    if (existing) throw executionAlreadyExists(arn);
    const { name: stateMachine, definition, roleArn } = machine;
    const execution = atomically(db, () => {
      const added = store.add({ arn, name, stateMachine, definition, roleArn, input, startedAtMs: timer.now() });
      this.#recorder(added)('ExecutionStarted', { input, roleArn }, 0);
      return added;
    });
    onStatus(execution);
    this.#launch(execution);
    return execution;
  }

  /** @returns it as it ended, at once where it had ended before */
  async stop(execution: Execution, error?: string, cause?: string): Promise<Execution> {
    const running = this.#running.get(execution.arn);
    running?.abort.abort(new Stopped(error, cause));
    await running?.ended;
    return this.#options.store.find(execution.arn)!;
  }

  /** Goes on with an execution that did not succeed, from the state that did not. */
  redrive(execution: Execution): Execution {
    const { db, store, timer, onStatus } = this.#options;
    const redriven = atomically(db, () => {
      store.redrive(execution, timer.now());
      const now = store.find(execution.arn)!;
      this.#recorder(now)('ExecutionRedriven', { redriveCount: now.redriveCount }, 0);
      return now;
    });
    onStatus(redriven);
    this.#launch(redriven);
    return redriven;
  }

  /** Goes on with those that ran when the local cloud stopped, from the states that they were at. */
  resumeAll(): void {
    for (const execution of this.#options.store.running()) this.#launch(execution);
  }

  /** Leaves them where they are, for the next start. */
  async close(): Promise<void> {
    const running = [...this.#running.values()];
    for (const { abort } of running) abort.abort(new Paused('the local cloud stops'));
    await Promise.all(running.map(({ ended }) => ended));
  }

  #launch(execution: Execution): void {
    const abort = new AbortController();
    const ended = this.#run(execution, abort)
      .catch(this.#options.onFault)
      .finally(() => this.#running.delete(execution.arn));
    this.#running.set(execution.arn, { abort, ended });
  }

  async #run(execution: Execution, abort: AbortController): Promise<void> {
    const definition = JSON.parse(execution.definition) as Definition;
    const thread = this.#thread(execution, abort.signal);
    const stopClock = this.#startClock(execution, definition, abort);
    const ending = await this.#toEnd(execution, definition, thread);
    stopClock();
    if (ending) this.#end(execution, ending, thread.trail);
  }

  /** @returns undefined where it is to go on later */
  async #toEnd(execution: Execution, definition: Definition, thread: Thread): Promise<Ending | undefined> {
    const { visit, input } = execution;
    try {
      const output = visit
        ? await resumeStates(definition, visit, thread)
        : await runStates(definition, JSON.parse(input), thread);
      return { status: 'SUCCEEDED', output: JSON.stringify(output) };
    } catch (error) {
      if (error instanceof Paused) return undefined;
      return this.#failure(error);
    }
  }

  #failure(error: unknown): Ending {
    if (error instanceof Stopped) return { status: 'ABORTED', error: error.error, cause: error.failureCause };
    if (error instanceof TimedOut) return { status: 'TIMED_OUT' };
    if (error instanceof StatesError) {
      return { status: 'FAILED', error: error.error || undefined, cause: error.failureCause || undefined };
    }
    this.#options.onFault(error);
    return { status: 'FAILED', error: 'States.Runtime', cause: 'the emulator failed' };
  }

  #end(execution: Execution, ending: Ending, trail: Trail): void {
    const { db, store, timer, onStatus } = this.#options;
    const { status, ...details } = ending;
    atomically(db, () => {
      if (status === 'ABORTED' || status === 'TIMED_OUT') this.#recorder(execution)(END_EVENTS[status], details, 0);
      else trail.add(END_EVENTS[status], details);
      store.end(execution, ending, timer.now());
    });
    onStatus(store.find(execution.arn)!);
  }

  /** The time limit of the machine; a redrive starts it anew. @returns what ends the watch */
  #startClock(execution: Execution, { TimeoutSeconds }: Definition, abort: AbortController): () => void {
    if (TimeoutSeconds === undefined) return () => {};
    const done = new AbortController();
    const sinceMs = execution.redrivenAtMs ?? execution.startedAtMs;
    this.#options.timer.until(sinceMs + TimeoutSeconds * 1000, done.signal).then(
      () => abort.abort(new TimedOut('the time limit of the state machine has passed')),
      () => {},
    );
    return () => done.abort();
  }

  #thread(execution: Execution, signal: AbortSignal): Thread {
    const { db, store, history, timer, random, tasks, tokens } = this.#options;
    const lastId = execution.visit ? history.lastId(execution.seq) : 0; // AWS starts the states at 0, not at 1
    return {
      surroundings: {
        ...{ timer, random, tasks, tokens },
        roleArn: execution.roleArn,
        atomically: (write) => atomically(db, write),
      },
      trail: new Trail(this.#recorder(execution), lastId),
      context: contextOf(execution),
      signal,
      onEntered: (visit) => store.setVisit(execution, visit),
    };
  }

  #recorder({ seq }: Execution): RecordEvent {
    const { history, timer } = this.#options;
    return (type, details, previousId) => {
      const id = history.lastId(seq) + 1;
      history.add(seq, { id, previousId, atMs: timer.now(), type, details });
      return id;
    };
  }
}

const END_EVENTS: Readonly<Record<Exclude<ExecutionStatus, 'RUNNING'>, EventType>> = {
  SUCCEEDED: 'ExecutionSucceeded',
  FAILED: 'ExecutionFailed',
  TIMED_OUT: 'ExecutionTimedOut',
  ABORTED: 'ExecutionAborted',
};

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html */
const contextOf = (execution: Execution) => ({
  Execution: {
    Id: execution.arn,
    Input: JSON.parse(execution.input) as Json,
    Name: execution.name,
    RoleArn: execution.roleArn,
    StartTime: new Date(execution.startedAtMs).toISOString(),
    RedriveCount: execution.redriveCount,
  },
  StateMachine: { Id: stateMachineArn(execution.stateMachine), Name: execution.stateMachine },
});
