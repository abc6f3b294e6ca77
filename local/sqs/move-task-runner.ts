import { randomUUID } from 'node:crypto';
import { atomically } from '../atomically.ts';
import type { Message } from './messages.ts';
import type { MoveTask } from './move-tasks.ts';
import type { Sqs } from './state.ts';

/** Enough to be quick, few enough that other requests get their turn in between. */
const UNPACED_STEP = 500;

/** Runs move tasks in steps: of a second each where a rate was asked for, else one right after the other. */
export class MoveTaskRunner {
  readonly #sqs: Sqs;
  readonly #timers = new Map<string, NodeJS.Timeout>();

  constructor(sqs: Sqs) {
    this.#sqs = sqs;
  }

  /** Goes on with the tasks that ran when the process ended. */
  resume(): void {
    for (const { id } of this.#sqs.moveTasks.running()) this.start(id);
  }

  start(id: string, afterMs = 0): void {
    this.#timers.set(
      id,
      setTimeout(() => this.#step(id), afterMs),
    );
  }

  stop(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
  }

  #step(id: string): void {
    this.#timers.delete(id);
    try {
      const task = this.#sqs.moveTasks.find(id);
      if (task?.status !== 'RUNNING') return;
      const { next, destinations } = atomically(this.#sqs.db, () => moveSome(this.#sqs, task));
      for (const name of destinations) this.#sqs.polls.serve(name);
      if (next.status === 'RUNNING') this.start(id, next.messagesPerSecond ? 1000 : 0);
    } catch (error) {
      this.#sqs.onFault(error);
    }
  }
}

/** One step. A message without a destination stays where it is, and fails the task. */
function moveSome(sqs: Sqs, task: MoveTask): { next: MoveTask; destinations: Set<string> } {
  const source = sqs.queues.findByArn(task.sourceArn);
  const limit = Math.min(task.messagesPerSecond ?? UNPACED_STEP, task.toMove - task.moved);
  const batch = source ? sqs.messages.ready(source.name, limit) : [];
  const destinations = batch.map((message) => move(sqs, message, task)).filter((name) => name !== undefined);
  const moved = task.moved + destinations.length;
  const isFailed = destinations.length < batch.length;
  const isDone = batch.length === 0 || moved === task.toMove;
  const next: MoveTask = {
    ...task,
    moved,
    status: isFailed ? 'FAILED' : isDone ? 'COMPLETED' : 'RUNNING',
    failureReason: isFailed ? 'CouldNotDetermineMessageSource' : null,
  };
  sqs.moveTasks.save(next);
  return { next, destinations: new Set(destinations) };
}

/**
 * A redriven message counts as a new one, with a new id, a new age and no receives.
 * @returns the queue it went to; undefined when nobody says which, because the message was sent to its queue directly
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
 */
function move({ queues, messages, now }: Sqs, message: Message, task: MoveTask): string | undefined {
  const destination = queues.findByArn(task.destinationArn ?? message.sourceArn ?? '');
  if (!destination) return undefined;
  messages.add({ ...message, queue: destination.name, id: randomUUID(), visibleAtMs: now() });
  messages.delete(message.seq);
  return destination.name;
}
