import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type { Clock } from '../service.ts';
import { SqsError, wrongQueueType } from './errors.ts';
import { required } from './parameters.ts';
import { isFifo, type Queue } from './queues.ts';

const INTERVAL_MS = 5 * 60_000;

/** What a send to a FIFO queue is recognised by when it comes again. */
export interface DeduplicationKey {
  readonly queue: string;
  /** The message group where the queue deduplicates per group; else empty. */
  readonly scope: string;
  readonly id: string;
}

export interface FirstSend {
  readonly seq: number;
  readonly messageId: string;
}

interface FifoFields {
  readonly MessageBody: string;
  readonly MessageGroupId?: string;
  readonly MessageDeduplicationId?: string;
}

/** @returns undefined for a standard queue, which takes every message */
export function deduplicationKey(queue: Queue, message: FifoFields): DeduplicationKey | undefined {
  const { MessageGroupId: groupId, MessageDeduplicationId: given } = message;
  if (!isFifo(queue)) {
    if (given) throw wrongQueueType('MessageDeduplicationId', given);
    return undefined;
  }
  const scope = queue.attributes.DeduplicationScope === 'messageGroup' ? required(groupId, 'MessageGroupId') : '';
  required(groupId, 'MessageGroupId');
  const id = given ?? (queue.attributes.ContentBasedDeduplication === 'true' ? sha256(message.MessageBody) : undefined);
  if (id) return { queue: queue.name, scope, id };
  throw new SqsError(
    'InvalidParameterValue',
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Remembers sends for five minutes, even when the message itself is deleted before. */
export class Deduplication {
  readonly #db: DatabaseSync;
  readonly #now: Clock;

  constructor(db: DatabaseSync, now: Clock) {
    this.#db = db;
    this.#now = now;
  }

  find({ queue, scope, id }: DeduplicationKey): FirstSend | undefined {
    this.#db.prepare('delete from deduplication where expiresAtMs <= ?').run(this.#now());
    return this.#db
      .prepare('select seq, messageId from deduplication where queue = ? and scope = ? and id = ?')
      .get(queue, scope, id) as FirstSend | undefined;
  }

  remember({ queue, scope, id }: DeduplicationKey, { seq, messageId }: FirstSend): void {
    this.#db
      .prepare('insert into deduplication (queue, scope, id, seq, messageId, expiresAtMs) values (?, ?, ?, ?, ?, ?)')
      .run(queue, scope, id, seq, messageId, this.#now() + INTERVAL_MS);
  }

  forget(queue: string): void {
    this.#db.prepare('delete from deduplication where queue = ?').run(queue);
  }
}
