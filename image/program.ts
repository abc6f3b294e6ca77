import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ProgramFailedError } from './errors.ts';

/** Programs of an administrator's lie there, and are looked for there whatever PATH says. */
const SYSTEM_FOLDERS = ['/usr/local/sbin', '/usr/sbin', '/sbin'];
const searchPath = [process.env.PATH ?? '', ...SYSTEM_FOLDERS].join(delimiter);

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;
const SHOWN_LINES = 15;

/** True when a program of this name can be started. */
export function isInstalled(program: string): boolean {
  return searchPath.split(delimiter).some((folder) => isExecutable(join(folder, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Runs a program to its end.
 * @returns what it wrote to stdout
 * @throws {ProgramFailedError} with the last lines that it wrote
 */
export function run(program: string, args: readonly string[]): Promise<string> {
  const options = { maxBuffer: MAX_OUTPUT_BYTES, env: { ...process.env, PATH: searchPath } };
  return new Promise((resolve, reject) => {
    execFile(program, args, options, (error, stdout, stderr) => {
      if (!error) return resolve(stdout);
      const ended = error.signal ? `was ended by ${error.signal}` : `failed (${error.code})`;
      const said = `${stdout}\n${stderr}`.trim().split('\n').slice(-SHOWN_LINES).join('\n');
      reject(new ProgramFailedError(program, ended, said));
    });
  });
}
