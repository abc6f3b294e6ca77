import { type ChildProcess, fork } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FunctionConfiguration } from './function-configuration.ts';
import { LineReader } from './line-reader.ts';
import type { AnswerMessage, FunctionContext, InvokeMessage, LambdaError, RuntimeMessage } from './messages.ts';
import { exited } from './platform-errors.ts';
import { runtimeEnvironment } from './runtime-environment.ts';

const RUNTIME = new URL('./runtime/main.ts', import.meta.url);

/** Halves a cold start (54 ms to 20): the runtime's types are stripped once, and the function's bundle is compiled once. */
const COMPILE_CACHE = join(tmpdir(), 'kilat-compile-cache');

/** How long the last lines of a dead process are waited for, where a process of its own holds its output open. */
const LAST_WORDS_MS = 200;

/** What became of the start, or of one event. Both absent: the start went well. */
export interface Outcome {
  readonly payload?: string | undefined;
  readonly error?: LambdaError | undefined;
}

/**
 * One process that runs one function, one event at a time. A process and not a worker thread: terminating a thread
 * during an onnxruntime run aborts the whole program, killing a process does not.
 */
export class ExecutionEnvironment {
  /** Hears every line that the process writes. */
  onLine: (line: string) => void = () => {};
  /** The most that was resident after any invocation. */
  maxMemoryBytes = 0;
  readonly exited: Promise<void>;

  readonly #child: ChildProcess;
  readonly #stdout: LineReader;
  readonly #stderr: LineReader;
  #alive = true;
  /** Why the process is about to die, where it is known before it does. */
  #lastWords: LambdaError | undefined;
  #settle: ((outcome: Outcome) => void) | undefined;

  constructor(fn: FunctionConfiguration, context: FunctionContext, endpoints: Readonly<Record<string, string>>) {
    const { directory, handler, resolveFrom } = fn;
    this.#child = fork(RUNTIME, [JSON.stringify({ directory, handler, resolveFrom, context })], {
      cwd: directory,
      env: { ...runtimeEnvironment(fn, context, endpoints), NODE_COMPILE_CACHE: COMPILE_CACHE },
      execArgv: [`--max-old-space-size=${Math.floor(fn.memoryMb * 0.9)}`], // as the managed runtime does
      serialization: 'advanced',
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    const hear = (line: string) => this.onLine(line);
    this.#stdout = new LineReader(this.#child.stdout!, hear);
    this.#stderr = new LineReader(this.#child.stderr!, hear);
    this.#child.on('message', (message: RuntimeMessage) => this.#hear(message));
    this.exited = this.#watchExit();
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** Resolves when the code is loaded. @param late the error to report, and to kill the process with, after the limit */
  initialise(limitMs: number, late: LambdaError): Promise<Outcome> {
    return this.#outcome(limitMs, late);
  }

  invoke(message: InvokeMessage, late: LambdaError): Promise<Outcome> {
    const outcome = this.#outcome(message.timeoutMs, late);
    this.#child.send(message, () => {}); // a closed channel is reported by the exit
    return outcome;
  }

  /** Ends the process at once; what it was doing is reported as an exit. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  #outcome(limitMs: number, late: LambdaError): Promise<Outcome> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#lastWords = late;
        this.kill();
      }, limitMs);
      this.#settle = (outcome) => {
        clearTimeout(timer);
        this.#settle = undefined;
        resolve(outcome);
      };
      if (!this.#alive) this.#settle({ error: this.#lastWords ?? exited(null, null) });
    });
  }

  #hear(message: RuntimeMessage): void {
    if (this.#lastWords) return; // too late: the process is being killed
    if (message.type === 'failed') this.#lastWords = message.error;
    else if (message.type === 'ready') this.#settle?.({});
    else void this.#answered(message);
  }

  /** Output and answers come by different channels: the invocation ends when all it had written has been read. */
  async #answered(answer: AnswerMessage): Promise<void> {
    this.maxMemoryBytes = Math.max(this.maxMemoryBytes, answer.memoryBytes);
    await this.#stdout.reached(answer.written.stdout);
    await this.#stderr.reached(answer.written.stderr);
    this.#settle?.({ payload: answer.payload, error: answer.error });
  }

  async #watchExit(): Promise<void> {
    await new Promise<void>((resolve) => {
      const die = (error: LambdaError) => {
        this.#alive = false;
        this.#stdout.flush();
        this.#stderr.flush();
        this.#lastWords ??= error;
        this.#settle?.({ error: this.#lastWords });
        resolve();
      };
      this.#child.once('error', (error) =>
        die({ errorType: 'Runtime.InvalidEntrypoint', errorMessage: error.message }),
      );
      this.#child.once('close', (code, signal) => die(exited(code, signal)));
      this.#child.once('exit', (code, signal) => {
        this.#alive = false;
        setTimeout(() => die(exited(code, signal)), LAST_WORDS_MS).unref();
      });
    });
  }
}
