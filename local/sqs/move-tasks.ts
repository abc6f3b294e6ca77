import type { DatabaseSync } from 'node:sqlite';

/** A redrive: the move of dead letters back to where they came from, or elsewhere. */
export interface MoveTask {
  readonly id: string;
  readonly sourceArn: string;
  /** Null: each message goes back to the queue that gave it up. */
  readonly destinationArn: string | null;
  /** Null: as fast as it goes. */
  readonly messagesPerSecond: number | null;
  readonly status: 'RUNNING' | 'COMPLETED' | 'CANCELLED' | 'FAILED';
  readonly moved: number;
  readonly toMove: number;
  readonly startedAtMs: number;
  readonly failureReason: string | null;
}

const INSERT = `insert or replace into moveTask
  (id, sourceArn, destinationArn, messagesPerSecond, status, moved, toMove, startedAtMs, failureReason)
  values (?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export class MoveTasks {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  save(task: MoveTask): void {
    const { id, sourceArn, destinationArn, messagesPerSecond, status, moved, toMove, startedAtMs, failureReason } =
      task;
    this.#db
      .prepare(INSERT)
      .run(id, sourceArn, destinationArn, messagesPerSecond, status, moved, toMove, startedAtMs, failureReason);
  }

  find(id: string): MoveTask | undefined {
    return this.#db.prepare('select * from moveTask where id = ?').get(id) as MoveTask | undefined;
  }

  running(): MoveTask[] {
    return this.#db.prepare("select * from moveTask where status = 'RUNNING'").all() as unknown as MoveTask[];
  }

  /** Newest first. */
  ofSource(sourceArn: string, limit: number): MoveTask[] {
    return this.#db
      .prepare('select * from moveTask where sourceArn = ? order by startedAtMs desc, rowid desc limit ?')
      .all(sourceArn, limit) as unknown as MoveTask[];
  }
}
