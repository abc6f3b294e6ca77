import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import * as z from 'zod';

const filesSchema = z.array(z.string());

/**
 * The names of the files of submitted jobs. The platform knows uploads by keys that it made itself; here they get back
 * the names that mean something to whoever submitted them.
 */
export class SubmittedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  put(jobId: string, files: readonly string[]): void {
    if (files.length === 0) return;
    const path = this.#pathOf(jobId);
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(path, JSON.stringify(files), { mode: 0o600 });
  }

  /** @returns in the order of the job's items; none of a job that was submitted elsewhere */
  get(jobId: string): readonly string[] {
    try {
      return filesSchema.parse(JSON.parse(readFileSync(this.#pathOf(jobId), 'utf8')));
    } catch {
      return []; // names are an extra: a result without them is whole
    }
  }

  #pathOf(jobId: string): string {
    return join(this.#folder, `${jobId}.json`);
  }
}

/** Where the XDG base directory specification puts what a program remembers between its runs. */
export function submittedFiles(env: NodeJS.ProcessEnv = process.env): SubmittedFiles {
  const configured = env.XDG_STATE_HOME;
  const folder = configured?.startsWith('/') ? configured : join(homedir(), '.local/state');
  return new SubmittedFiles(join(folder, 'kilat', 'jobs'));
}
