import type { ExecutionEnvironment } from './execution-environment.ts';
import { WaitingLine } from './waiting-line.ts';

export interface EnvironmentPoolOptions {
  readonly maxInstances: number;
  readonly idleMs: number;
  readonly start: () => ExecutionEnvironment;
}

interface Idle {
  readonly environment: ExecutionEnvironment;
  readonly expiry: NodeJS.Timeout;
}

/**
 * The execution environments of one function. The last used is reused first, so that those beyond what the load needs
 * grow old and end. One starts only when none is idle, hence there are never more than may be busy at once.
 */
export class EnvironmentPool {
  readonly #options: EnvironmentPoolOptions;
  readonly #line: WaitingLine;
  readonly #idle: Idle[] = [];
  readonly #all = new Set<ExecutionEnvironment>();
  #retired = false;
  #closed: Error | undefined;

  constructor(options: EnvironmentPoolOptions) {
    this.#options = options;
    this.#line = new WaitingLine(options.maxInstances);
  }

  /**
   * Lends an environment to `work`, which hears whether it was started for it and has yet to be initialised.
   * @throws the reason of closing, if the pool closes before there is one
   */
  async lend<T>(work: (environment: ExecutionEnvironment, isCold: boolean) => Promise<T>): Promise<T> {
    await this.#line.enter();
    if (this.#closed) throw this.#closed;
    const warm = this.#takeIdle();
    const environment = warm ?? this.#start();
    try {
      return await work(environment, !warm);
    } finally {
      this.#giveBack(environment);
      this.#line.leave();
    }
  }

  /** Ends the idle environments now, and each busy one after its event: the function was replaced. */
  retire(): void {
    this.#retired = true;
    for (const { environment, expiry } of this.#idle.splice(0)) {
      clearTimeout(expiry);
      environment.kill();
    }
  }

  /** Ends all at once, and waits until no process is left. */
  async close(reason: Error): Promise<void> {
    this.#closed = reason;
    this.retire();
    this.#line.disperse(reason);
    for (const environment of this.#all) environment.kill();
    await Promise.all([...this.#all].map((environment) => environment.exited));
  }

  #start(): ExecutionEnvironment {
    const environment = this.#options.start();
    this.#all.add(environment);
    void environment.exited.then(() => this.#all.delete(environment));
    return environment;
  }

  #takeIdle(): ExecutionEnvironment | undefined {
    for (let last = this.#idle.pop(); last; last = this.#idle.pop()) {
      clearTimeout(last.expiry);
      if (last.environment.alive) return last.environment;
    }
    return undefined;
  }

  #giveBack(environment: ExecutionEnvironment): void {
    if (this.#retired) environment.kill();
    if (this.#retired || !environment.alive) return;
    const expiry = setTimeout(() => this.#expire(environment), this.#options.idleMs).unref();
    this.#idle.push({ environment, expiry });
  }

  #expire(environment: ExecutionEnvironment): void {
    const index = this.#idle.findIndex((idle) => idle.environment === environment);
    if (index >= 0) this.#idle.splice(index, 1);
    environment.kill();
  }
}
