import type { DatabaseSync } from 'node:sqlite';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { SqsError } from './errors.ts';
import { required } from './parameters.ts';

type Strings = Readonly<Record<string, string>>;

export interface Queue {
  readonly name: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
  /** Only what was set; the rest is default. */
  readonly attributes: Strings;
  readonly tags: Strings;
}

export const isFifo = (queue: Pick<Queue, 'name'>): boolean => queue.name.endsWith('.fifo');

const ARN_PREFIX = `arn:aws:sqs:${LOCAL_REGION}:${LOCAL_ACCOUNT}:`;

export const queueArn = (name: string): string => ARN_PREFIX + name;

/** The queues, in memory for reading and in the database for the next start. */
export class QueueStore {
  readonly #db: DatabaseSync;
  readonly #queues: Map<string, Queue>;

  constructor(db: DatabaseSync) {
    this.#db = db;
    const rows = db.prepare('select * from queue').all() as unknown as Array<
      Queue & { attributes: string; tags: string }
    >;
    this.#queues = new Map(
      rows.map((row) => [row.name, { ...row, attributes: JSON.parse(row.attributes), tags: JSON.parse(row.tags) }]),
    );
  }

  all(): Queue[] {
    return [...this.#queues.values()];
  }

  find(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** @throws {SqsError} QueueDoesNotExist */
  get(name: string): Queue {
    const queue = this.#queues.get(name);
    if (!queue) throw new SqsError('QueueDoesNotExist', 'The specified queue does not exist.');
    return queue;
  }

  /** The name at the end of the URL decides, whatever the host: ports change from start to start. */
  byUrl(url: string | undefined): Queue {
    return this.get(required(url, 'QueueUrl').split('/').at(-1) ?? '');
  }

  findByArn(arn: string): Queue | undefined {
    return arn.startsWith(ARN_PREFIX) ? this.find(arn.slice(ARN_PREFIX.length)) : undefined;
  }

  save(queue: Queue): void {
    this.#db
      .prepare('insert or replace into queue values (?, ?, ?, ?, ?)')
      .run(
        queue.name,
        queue.createdAtMs,
        queue.modifiedAtMs,
        JSON.stringify(queue.attributes),
        JSON.stringify(queue.tags),
      );
    this.#queues.set(queue.name, queue);
  }

  delete(name: string): void {
    this.#db.prepare('delete from queue where name = ?').run(name);
    this.#queues.delete(name);
  }
}
