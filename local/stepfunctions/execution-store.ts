import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import type { Ending, Execution, ExecutionStatus } from './execution.ts';
import type { Visit } from './thread.ts';

export type NewExecution = Pick<
  Execution,
  'arn' | 'name' | 'stateMachine' | 'definition' | 'roleArn' | 'input' | 'startedAtMs'
>;

export interface ExecutionFilter {
  readonly stateMachine: string;
  readonly status?: ExecutionStatus | undefined;
  readonly isRedriven?: boolean | undefined;
}

type Row = Readonly<Record<string, string | number | null>>;

export class ExecutionStore {
  readonly #db: DatabaseSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  add({ arn, name, stateMachine, definition, roleArn, input, startedAtMs }: NewExecution): Execution {
    this.#db
      .prepare(
        `insert into execution (arn, name, stateMachine, definition, roleArn, input, status, startedAtMs)
         values (?, ?, ?, ?, ?, ?, 'RUNNING', ?)`,
      )
      .run(arn, name, stateMachine, definition, roleArn, input, startedAtMs);
    return this.find(arn)!;
  }

  find(arn: string): Execution | undefined {
    return this.#all('where arn = ?', arn)[0];
  }

  running(): Execution[] {
    return this.#all(`where status = 'RUNNING' order by seq`);
  }

  /** The newest first. @param before the `seq` that the page before ended with */
  list({ stateMachine, status, isRedriven }: ExecutionFilter, before: number, limit: number): Execution[] {
    return this.#all(
      `where stateMachine = ? and seq < ? and (? is null or status = ?) and (? is null or (redriveCount > 0) = ?)
       order by seq desc limit ?`,
      ...[stateMachine, before, status ?? null, status ?? null],
      ...[toSql(isRedriven), toSql(isRedriven), limit],
    );
  }

  setVisit({ seq }: Execution, visit: Visit): void {
    this.#db.prepare('update execution set visit = ? where seq = ?').run(JSON.stringify(visit), seq);
  }

  end({ seq }: Execution, { status, output, error, cause }: Ending, atMs: number): void {
    this.#db
      .prepare('update execution set status = ?, output = ?, error = ?, cause = ?, stoppedAtMs = ? where seq = ?')
      .run(status, output ?? null, error ?? null, cause ?? null, atMs, seq);
  }

  redrive({ seq }: Execution, atMs: number): void {
    this.#db
      .prepare(
        `update execution set status = 'RUNNING', output = null, error = null, cause = null, stoppedAtMs = null,
         redrivenAtMs = ?, redriveCount = redriveCount + 1 where seq = ?`,
      )
      .run(atMs, seq);
  }

  /** With their histories. */
  forgetEndedBefore(ms: number): void {
    const ended = 'select seq from execution where stoppedAtMs < ?';
    this.#db.prepare(`delete from event where executionSeq in (${ended})`).run(ms);
    this.#db.prepare('delete from execution where stoppedAtMs < ?').run(ms);
  }

  #all(where: string, ...values: SQLInputValue[]): Execution[] {
    const rows = this.#db.prepare(`select * from execution ${where}`).all(...values) as Row[];
    return rows.map(fromRow);
  }
}

const toSql = (value: boolean | undefined): number | null => (value === undefined ? null : Number(value));

function fromRow({ visit, ...row }: Row): Execution {
  const fields = Object.entries(row).map(([name, value]) => [name, value ?? undefined]);
  return { ...Object.fromEntries(fields), visit: visit === null ? undefined : JSON.parse(String(visit)) };
}
