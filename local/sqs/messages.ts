import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Clock } from '../service.ts';

export interface NewMessage {
  readonly queue: string;
  readonly id: string;
  readonly body: string;
  /** The message attributes as they came over the wire, as JSON. */
  readonly attributes: string | null;
  readonly traceHeader: string | null;
  readonly groupId: string | null;
  readonly deduplicationId: string | null;
  readonly visibleAtMs: number;
}

export interface Message extends NewMessage {
  /** Grows in order of arrival; the sequence number of a FIFO message. */
  readonly seq: number;
  readonly sentAtMs: number;
  readonly receiveCount: number;
  readonly firstReceivedAtMs: number | null;
  /** What the newest receipt handle proves; null until the queue has handed the message out. */
  readonly receipt: string | null;
  /** The queue that gave the message up, in a dead-letter queue. */
  readonly sourceArn: string | null;
}

export interface MessageCounts {
  readonly ready: number;
  readonly inFlight: number;
  readonly delayed: number;
}

const SQL = {
  add: `insert into message (queue, id, body, attributes, traceHeader, groupId, deduplicationId, sentAtMs, visibleAtMs)
    values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  get: 'select * from message where seq = ?',
  ready: 'select * from message where queue = ? and visibleAtMs <= ? order by visibleAtMs, seq limit ?',
  // A message group is locked while one of its messages is in flight, and behind an earlier one that is delayed.
  readyInOrder: `select * from message as it where queue = ?1 and visibleAtMs <= ?2 and not exists (
      select 1 from message as other where other.queue = ?1 and other.groupId = it.groupId
        and other.visibleAtMs > ?2 and (other.receipt is not null or other.seq < it.seq)
    ) order by seq limit ?3`,
  nextVisible: 'select min(visibleAtMs) as atMs from message where queue = ? and visibleAtMs > ?',
  received: `update message set receipt = ?, visibleAtMs = ?, receiveCount = receiveCount + 1,
      firstReceivedAtMs = coalesce(firstReceivedAtMs, ?) where seq = ? returning *`,
  exhausted: `update message set queue = ?, sourceArn = ?, receipt = null, visibleAtMs = ?, receivedElsewhere = receiveCount,
      sentAtMs = coalesce(?, sentAtMs)
    where queue = ? and receipt is not null and visibleAtMs <= ? and receiveCount - receivedElsewhere >= ?`,
  setVisibleAt: 'update message set visibleAtMs = ? where seq = ?',
  delete: 'delete from message where seq = ?',
  purge: 'delete from message where queue = ?',
  expire: 'delete from message where queue = ? and sentAtMs <= ?',
  count: `select count(*) filter (where visibleAtMs <= ?1) as ready,
      count(*) filter (where visibleAtMs > ?1 and receipt is not null) as inFlight,
      count(*) filter (where visibleAtMs > ?1 and receipt is null) as delayed
    from message where queue = ?2`,
} as const;

/** The messages of all queues. Nothing here decides: it finds and changes rows. */
export class MessageStore {
  readonly #now: Clock;
  readonly #sql: Record<keyof typeof SQL, StatementSync>;

  constructor(db: DatabaseSync, now: Clock) {
    this.#now = now;
    this.#sql = Object.fromEntries(Object.entries(SQL).map(([name, sql]) => [name, db.prepare(sql)])) as Record<
      keyof typeof SQL,
      StatementSync
    >;
  }

  /** @returns the message's `seq` */
  add(message: NewMessage): number {
    const { queue, id, body, attributes, traceHeader, groupId, deduplicationId, visibleAtMs } = message;
    return Number(
      this.#sql.add.run(queue, id, body, attributes, traceHeader, groupId, deduplicationId, this.#now(), visibleAtMs)
        .lastInsertRowid,
    );
  }

  find(seq: number): Message | undefined {
    return this.#sql.get.get(seq) as Message | undefined;
  }

  /** @param inOrder as a FIFO queue hands out: by sequence, and nothing of a message group that is locked */
  ready(queue: string, limit: number, inOrder = false): Message[] {
    const query = inOrder ? this.#sql.readyInOrder : this.#sql.ready;
    return query.all(queue, this.#now(), limit) as unknown as Message[];
  }

  /** When the next message that is in flight or delayed becomes visible. */
  nextVisibleAtMs(queue: string): number | undefined {
    return (this.#sql.nextVisible.get(queue, this.#now())?.atMs as number | null) ?? undefined;
  }

  markReceived(seq: number, receipt: string, visibleAtMs: number): Message {
    return this.#sql.received.get(receipt, visibleAtMs, this.#now(), seq) as unknown as Message;
  }

  /**
   * Moves what is visible again after `maxReceiveCount` receives from this very queue. A standard queue's messages keep
   * their age, a FIFO queue's start anew.
   * @returns how many moved
   */
  moveExhausted(
    from: { queue: string; arn: string },
    to: { queue: string; fifo: boolean },
    maxReceiveCount: number,
  ): number {
    const now = this.#now();
    const sentAtMs = to.fifo ? now : null;
    return Number(this.#sql.exhausted.run(to.queue, from.arn, now, sentAtMs, from.queue, now, maxReceiveCount).changes);
  }

  setVisibleAt(seq: number, visibleAtMs: number): void {
    this.#sql.setVisibleAt.run(visibleAtMs, seq);
  }

  delete(seq: number): void {
    this.#sql.delete.run(seq);
  }

  purge(queue: string): void {
    this.#sql.purge.run(queue);
  }

  /** Forgets what was sent longer ago than the queue retains. */
  expire(queue: string, retentionSeconds: number): void {
    this.#sql.expire.run(queue, this.#now() - retentionSeconds * 1000);
  }

  count(queue: string): MessageCounts {
    return this.#sql.count.get(this.#now(), queue) as unknown as MessageCounts;
  }
}
