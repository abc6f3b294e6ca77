import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../service.ts';
import type { Deduplication } from './deduplication.ts';
import type { LongPolls } from './long-polls.ts';
import type { MessageStore } from './messages.ts';
import type { MoveTasks } from './move-tasks.ts';
import type { QueueStore } from './queues.ts';

/** What the operations work on. */
export interface Sqs {
  readonly db: DatabaseSync;
  readonly now: Clock;
  readonly queues: QueueStore;
  readonly messages: MessageStore;
  readonly polls: LongPolls;
  readonly deduplication: Deduplication;
  readonly moveTasks: MoveTasks;
  /** Known once the server listens. */
  readonly url: () => string;
  readonly onFault: (error: unknown) => void;
}
