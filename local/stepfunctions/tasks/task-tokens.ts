import { randomBytes } from 'node:crypto';
import { AwsError } from '../../aws-json.ts';
import type { Json } from '../../json.ts';
import { StatesError } from '../states-error.ts';

/** A task that waits until somebody outside says how it went. */
export interface PendingTask {
  readonly token: string;
  readonly result: Promise<Json>;
  readonly lastHeartbeatAtMs: () => number;
}

interface Waiting {
  readonly resolve: (output: Json) => void;
  readonly reject: (error: StatesError) => void;
  heartbeatAtMs: number;
}

const TOKEN = /^[\w-]{96}$/;

/** The tasks that wait for `SendTaskSuccess` or `SendTaskFailure`; in memory, as is what waits for them. */
export class TaskTokens {
  readonly #waiting = new Map<string, Waiting>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  create(): PendingTask {
    const token = randomBytes(72).toString('base64url');
    const { promise, resolve, reject } = Promise.withResolvers<Json>();
    promise.catch(() => {}); // a task may fail before anybody waits for it
    const waiting = { resolve, reject, heartbeatAtMs: this.#now() };
    this.#waiting.set(token, waiting);
    return { token, result: promise, lastHeartbeatAtMs: () => waiting.heartbeatAtMs };
  }

  /** What comes for the task from now on is refused. */
  forget({ token }: PendingTask): void {
    this.#waiting.delete(token);
  }

  /** @throws {AwsError} TaskTimedOut, InvalidToken */
  succeed(token: string, output: Json): void {
    this.#take(token).resolve(output);
    this.#waiting.delete(token);
  }

  /** @throws {AwsError} TaskTimedOut, InvalidToken */
  fail(token: string, error: string, cause: string): void {
    this.#take(token).reject(new StatesError(error, cause));
    this.#waiting.delete(token);
  }

  /** @throws {AwsError} TaskTimedOut, InvalidToken */
  beat(token: string): void {
    this.#take(token).heartbeatAtMs = this.#now();
  }

  #take(token: string): Waiting {
    if (!TOKEN.test(token)) throw new AwsError('InvalidToken', `Invalid Token: 'Invalid token'`);
    const waiting = this.#waiting.get(token);
    if (!waiting) throw new AwsError('TaskTimedOut', `Task Timed Out: 'Provided task does not exist anymore'`);
    return waiting;
  }
}
