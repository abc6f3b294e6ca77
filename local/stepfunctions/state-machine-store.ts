import type { DatabaseSync } from 'node:sqlite';

export interface StateMachine {
  readonly name: string;
  /** In the Amazon States Language, as it was given. */
  readonly definition: string;
  /** Under which its tasks act. */
  readonly roleArn: string;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export class StateMachineStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  find(name: string): StateMachine | undefined {
    return this.#db.prepare('select * from stateMachine where name = ?').get(name) as StateMachine | undefined;
  }

  /** By name. */
  after(name: string, limit: number): StateMachine[] {
    const select = this.#db.prepare('select * from stateMachine where name > ? order by name limit ?');
    return select.all(name, limit) as unknown as StateMachine[];
  }

  save({ name, definition, roleArn, createdAtMs, updatedAtMs }: StateMachine): void {
    this.#db
      .prepare('insert or replace into stateMachine values (?, ?, ?, ?, ?)')
      .run(name, definition, roleArn, createdAtMs, updatedAtMs);
  }
}
