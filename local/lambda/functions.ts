import { randomUUID } from 'node:crypto';
import type { Clock } from '../service.ts';
import { type AsyncFailure, invokeWithRetries } from './asynchronous.ts';
import {
  type FunctionConfiguration,
  type FunctionReference,
  functionReference,
  versionOf,
} from './function-configuration.ts';
import type { FunctionHost } from './function-host.ts';
import { FunctionVersions, type FunctionVersionsOptions } from './function-versions.ts';
import {
  type Invocation,
  type InvocationResult,
  type InvocationType,
  type LogRecord,
  newTraceId,
} from './invocation.ts';
import { type LambdaMetric, measureFunction } from './metrics.ts';
import { functionNotFound, MAX_REQUEST_BYTES, requestTooLarge, stopped } from './refusals.ts';

export interface FunctionsOptions {
  /**
   * Variables that every function gets, above all `AWS_ENDPOINT_URL_*`. Read at each cold start, so the caller may add
   * those of services that start later.
   */
  readonly endpoints: Readonly<Record<string, string>>;
  /** Every line that a function writes, EMF among them, and the platform's START, END and REPORT. */
  readonly onLog: (record: LogRecord) => void;
  readonly onMetric: (metric: LambdaMetric) => void;
  /** An asynchronous invocation that was given up: what AWS would send to the dead-letter queue. */
  readonly onAsyncFailure?: (failure: AsyncFailure) => void;
  /** Faults of the emulator itself. */
  readonly onFault: (error: unknown) => void;
  readonly now?: Clock;
  /** How long an unused process is kept. @default 10 minutes */
  readonly idleMs?: number;
  /** @default 10 seconds, as on AWS */
  readonly initTimeoutMs?: number;
  /** @default 1 and 2 seconds; on AWS minutes, which nobody waits for at a laptop */
  readonly asyncRetryPausesMs?: readonly number[];
}

export interface InvokeOptions {
  readonly type?: InvocationType;
  /** Handed to the function as `_X_AMZN_TRACE_ID`. @default a new one */
  readonly traceId?: string | undefined;
  readonly wantsLogTail?: boolean;
}

/** All functions of the local cloud, and the ways to invoke one. */
export class Functions {
  readonly #options: FunctionsOptions;
  readonly #now: Clock;
  readonly #functions = new Map<string, FunctionVersions>();
  /** Those of replaced functions, whose last events may still run. */
  readonly #retired = new Set<FunctionVersions>();
  readonly #abort = new AbortController();

  constructor(options: FunctionsOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Adds a function, or replaces the one of that name: its environments end after the events they are at. */
  register(fn: FunctionConfiguration): void {
    const replaced = this.#functions.get(fn.name);
    if (replaced) {
      replaced.retire();
      this.#retired.add(replaced);
    }
    this.#functions.set(fn.name, new FunctionVersions(fn, this.#versionsOptions(fn)));
  }

  list(): FunctionConfiguration[] {
    return [...this.#functions.values()].map(({ fn }) => fn);
  }

  /** @throws {AwsError} ResourceNotFoundException, also for a version or an alias that the function has not */
  get(nameOrArn: string): FunctionConfiguration {
    const reference = functionReference(nameOrArn);
    const { fn } = this.#function(reference);
    if (versionOf(fn, reference.qualifier) === undefined) throw functionNotFound(reference);
    return fn;
  }

  /**
   * Invokes a function with an event that is JSON already.
   * @throws {AwsError} ResourceNotFoundException, RequestTooLargeException, TooManyRequestsException
   */
  async invokeJson(nameOrArn: string, payload: string, options: InvokeOptions = {}): Promise<InvocationResult> {
    const { type = 'RequestResponse', traceId = newTraceId(this.#now()), wantsLogTail } = options;
    const { name, qualifier } = functionReference(nameOrArn);
    const host = this.#function({ name, qualifier }).host(qualifier);
    assertFits(payload, MAX_REQUEST_BYTES[type]);
    const invokedFunctionArn = qualifier === undefined ? host.fn.arn : `${host.fn.arn}:${qualifier}`;
    const invocation: Invocation = { requestId: randomUUID(), traceId, payload, wantsLogTail, invokedFunctionArn };
    if (type === 'RequestResponse') return host.invoke(invocation);
    if (type === 'Event') void this.#invokeLater(host, invocation);
    const { requestId } = invocation;
    return { statusCode: type === 'Event' ? 202 : 204, requestId, executedVersion: host.version, payload: '' };
  }

  async close(): Promise<void> {
    this.#abort.abort();
    const functions = [...this.#functions.values(), ...this.#retired];
    await Promise.all(functions.map((fn) => fn.close(stopped())));
  }

  async #invokeLater(host: FunctionHost, invocation: Invocation): Promise<void> {
    const { onFault, onAsyncFailure, asyncRetryPausesMs: pausesMs = [1000, 2000] } = this.#options;
    const { signal } = this.#abort;
    const measure = this.#measure(host.fn.name);
    try {
      measure('AsyncEventsReceived', 1);
      const retries = { pausesMs, throttlePauseMs: 1000, signal };
      const { result, attempts } = await invokeWithRetries((same) => host.invoke(same), invocation, retries);
      if (!result.functionError || signal.aborted) return;
      measure('AsyncEventsDropped', 1);
      const { requestId, payload } = invocation;
      onAsyncFailure?.({ functionName: host.fn.name, requestId, payload, attempts, result });
    } catch (error) {
      if (!signal.aborted) onFault(error);
    }
  }

  #function(reference: FunctionReference): FunctionVersions {
    const found = this.#functions.get(reference.name);
    if (!found || this.#abort.signal.aborted) throw functionNotFound(reference);
    return found;
  }

  #versionsOptions(fn: FunctionConfiguration): FunctionVersionsOptions {
    const { endpoints, onLog, idleMs = 600_000, initTimeoutMs = 10_000 } = this.#options;
    return { endpoints, onLog, idleMs, initTimeoutMs, measure: this.#measure(fn.name), now: this.#now };
  }

  #measure(name: string) {
    return measureFunction(name, this.#options.onMetric, this.#now);
  }
}

function assertFits(payload: string, maxBytes: number): void {
  if (payload.length > maxBytes || (payload.length * 3 > maxBytes && Buffer.byteLength(payload) > maxBytes)) {
    throw requestTooLarge(maxBytes);
  }
}
