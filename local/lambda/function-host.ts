import { randomUUID } from 'node:crypto';
import type { Clock } from '../service.ts';
import type { Concurrency } from './concurrency.ts';
import { EnvironmentPool } from './environment-pool.ts';
import { ExecutionEnvironment, type Outcome } from './execution-environment.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { Invocation, InvocationResult, LogRecord } from './invocation.ts';
import { LogTail } from './log-tail.ts';
import type { FunctionContext } from './messages.ts';
import type { Measure } from './metrics.ts';
import { forCaller, initTimedOut, timedOut } from './platform-errors.ts';
import { reportLine } from './report.ts';

export interface FunctionHostOptions {
  readonly endpoints: Readonly<Record<string, string>>;
  readonly idleMs: number;
  readonly initTimeoutMs: number;
  readonly onLog: (record: LogRecord) => void;
  readonly measure: Measure;
  readonly now: Clock;
  /** A number, or `$LATEST`. */
  readonly version: string;
  /** Shared by all versions of the function. */
  readonly concurrency: Concurrency;
}

/** What one run showed, the start included. */
interface Run extends Outcome {
  readonly durationMs: number;
  readonly initMs?: number | undefined;
  readonly maxMemoryBytes: number;
}

/** Runs one version of a function: its environments, its log, its metrics. */
export class FunctionHost {
  readonly fn: FunctionConfiguration;
  readonly #options: FunctionHostOptions;
  readonly #pool: EnvironmentPool;
  /** The log stream of each environment. */
  readonly #streams = new WeakMap<ExecutionEnvironment, string>();

  constructor(fn: FunctionConfiguration, options: FunctionHostOptions) {
    this.fn = fn;
    this.#options = options;
    this.#pool = new EnvironmentPool({
      maxInstances: fn.maxInstances ?? 4,
      idleMs: options.idleMs,
      start: () => this.#startEnvironment(),
    });
  }

  /** Runs the function once. @throws {AwsError} TooManyRequestsException, beyond the reserved concurrency */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    return this.#options.concurrency.during(() =>
      this.#pool.lend((environment, isCold) => this.#runLogged(environment, isCold, invocation)),
    );
  }

  get version(): string {
    return this.#options.version;
  }

  retire(): void {
    this.#pool.retire();
  }

  close(reason: Error): Promise<void> {
    return this.#pool.close(reason);
  }

  async #runLogged(
    environment: ExecutionEnvironment,
    isCold: boolean,
    invocation: Invocation,
  ): Promise<InvocationResult> {
    const { requestId } = invocation;
    const tail = invocation.wantsLogTail ? new LogTail() : undefined;
    const log = (line: string) => {
      tail?.add(line);
      this.#log(environment, line, requestId);
    };

    const run = await this.#run(environment, isCold, invocation, log);

    if (run.error?.errorType === 'Sandbox.Timedout') log(`${this.#time()} ${requestId} ${run.error.errorMessage}`);
    log(`END RequestId: ${requestId}`);
    log(reportLine({ ...run, requestId, memoryMb: this.fn.memoryMb }));
    this.#measure(run);
    return { ...this.#resultOf(run, requestId), ...(tail ? { logTail: tail.toString() } : {}) };
  }

  async #run(
    environment: ExecutionEnvironment,
    isCold: boolean,
    invocation: Invocation,
    log: (line: string) => void,
  ): Promise<Run> {
    const began = performance.now();
    const start = isCold ? await this.#initialise(environment) : {};
    const initMs = isCold ? performance.now() - began : undefined;

    log(`START RequestId: ${invocation.requestId} Version: ${this.#options.version}`);
    environment.onLine = log;
    const started = performance.now();
    const outcome = start.error ? start : await this.#send(environment, invocation);
    environment.onLine = (line) => this.#log(environment, line);

    const durationMs = performance.now() - started;
    return { ...outcome, durationMs, initMs, maxMemoryBytes: environment.maxMemoryBytes };
  }

  #initialise(environment: ExecutionEnvironment): Promise<Outcome> {
    const limitMs = this.#options.initTimeoutMs;
    return environment.initialise(limitMs, initTimedOut(limitMs));
  }

  #send(environment: ExecutionEnvironment, invocation: Invocation): Promise<Outcome> {
    const { timeoutMs } = this.fn;
    const { requestId, payload, traceId, invokedFunctionArn } = invocation;
    return environment.invoke({ requestId, payload, timeoutMs, traceId, invokedFunctionArn }, timedOut(timeoutMs));
  }

  #measure(run: Run): void {
    this.#options.measure('Invocations', 1);
    this.#options.measure('Errors', run.error ? 1 : 0);
    this.#options.measure('Duration', run.durationMs);
  }

  #startEnvironment(): ExecutionEnvironment {
    const context = this.#context();
    const environment = new ExecutionEnvironment(this.fn, context, this.#options.endpoints);
    this.#streams.set(environment, context.logStreamName);
    environment.onLine = (line) => this.#log(environment, line);
    return environment;
  }

  #context(): FunctionContext {
    const day = this.#time().slice(0, 10).replaceAll('-', '/');
    return {
      functionName: this.fn.name,
      functionVersion: this.#options.version,
      memoryLimitInMB: String(this.fn.memoryMb),
      logGroupName: `/aws/lambda/${this.fn.name}`,
      logStreamName: `${day}/[${this.#options.version}]${randomUUID().replaceAll('-', '')}`,
    };
  }

  #log(environment: ExecutionEnvironment, line: string, requestId?: string): void {
    const logStreamName = this.#streams.get(environment) ?? '';
    this.#options.onLog({
      functionName: this.fn.name,
      logStreamName,
      requestId,
      line,
      timestampMs: this.#options.now(),
    });
  }

  #time(): string {
    return new Date(this.#options.now()).toISOString();
  }

  #resultOf({ payload, error }: Outcome, requestId: string): InvocationResult {
    const result = { statusCode: 200, requestId, executedVersion: this.#options.version } as const;
    if (!error) return { ...result, payload: payload ?? 'null' };
    return { ...result, functionError: 'Unhandled', payload: JSON.stringify(forCaller(error, requestId)) };
  }
}
