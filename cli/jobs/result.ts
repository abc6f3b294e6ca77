import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { CliError, UnreachableError } from '../errors.ts';
import { run, untilInterrupted } from '../run.ts';
import { jobArgument } from './job-argument.ts';
import { submittedFiles } from './submitted-files.ts';

const help = `
One line of JSON a photo, in the order of the input: "predictions", or the "problem" that was in the way. Photos that
were submitted from this machine have their "file".

Examples:
  kilat jobs result 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 -o result.ndjson
  kilat jobs result 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 | jq -r '[.file, .predictions[0].label] | @tsv'`;

interface ResultOptions extends ConnectionOptions {
  readonly output?: string;
}

export const resultCommand = (): Command =>
  withConnection(new Command('result'))
    .description('fetch what a job answered, as NDJSON')
    .addArgument(jobArgument())
    .option('-o, --output <file>', 'write it there, and print nothing')
    .addHelpText('after', help)
    .action((jobId: string, options: ResultOptions) =>
      run(() => untilInterrupted((signal) => fetchResult(jobId, options, signal))),
    );

async function fetchResult(jobId: string, options: ResultOptions, signal: AbortSignal): Promise<boolean> {
  const api = apiClient(connect(options), signal);
  const { url } = await api('getJobResult', { params: { job_id: jobId } });
  const lines = withFiles(await linesAt(url, signal), submittedFiles().get(jobId));
  if (options.output) await writeWhole(options.output, lines, signal);
  else await pipeline(lines, process.stdout, { signal, end: false });
  return true;
}

/** The link is signed: it needs no token, and would be refused with one. */
export async function linesAt(url: string, signal: AbortSignal): Promise<AsyncIterable<string>> {
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw signal.aborted ? cause : new UnreachableError(`${new URL(url).origin} does not answer`, cause);
  });
  if (!response.ok || !response.body)
    throw new CliError(`the result cannot be fetched: its link answered ${response.status}`);
  return createInterface({ input: Readable.fromWeb(response.body) });
}

/** Puts the name that a photo has on this machine before what the platform says about it. */
export async function* withFiles(lines: AsyncIterable<string>, files: readonly string[]): AsyncGenerator<string> {
  for await (const line of lines) {
    const { index } = JSON.parse(line) as { index: number };
    const file = files[index];
    yield file === undefined ? `${line}\n` : `{"file":${JSON.stringify(file)},${line.slice(1)}\n`;
  }
}

/** Under its name once it is whole. */
async function writeWhole(path: string, lines: AsyncIterable<string>, signal: AbortSignal): Promise<void> {
  const partial = `${path}.${process.pid}.part`;
  try {
    await pipeline(lines, createWriteStream(partial), { signal });
    await rename(partial, path);
  } finally {
    await rm(partial, { force: true });
  }
}
