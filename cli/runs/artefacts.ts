import { createWriteStream } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { CliError, UnreachableError } from '../errors.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { run, untilInterrupted } from '../run.ts';
import { runArgument } from './run-argument.ts';

const help = `
Examples:
  kilat runs artefacts 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 --as admin
  kilat runs artefacts 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 --as admin -o report/`;

interface ArtefactsOptions extends ConnectionOptions {
  readonly output?: string;
  readonly json?: true;
}

export const artefactsCommand = (): Command =>
  withConnection(new Command('artefacts'))
    .description('list the files of a run, or fetch them all into a folder; for admins')
    .addArgument(runArgument())
    .option('-o, --output <dir>', 'fetch them there')
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((runId: string, options: ArtefactsOptions) =>
      run(() => untilInterrupted((signal) => fetchArtefacts(runId, options, signal))),
    );

async function fetchArtefacts(run_id: string, options: ArtefactsOptions, signal: AbortSignal): Promise<true> {
  const { output, json } = options;
  const api = apiClient(connect(options), signal);
  const { artefacts } = await api('getRun', { params: { run_id } });
  if (output) await mkdir(output, { recursive: true });
  for (const name of artefacts) {
    const file = output && (await fetchInto(output, { api, run_id, name, signal }));
    if (json) printLine({ name, ...(file && { file }) });
    else console.log(file ?? name);
  }
  return true;
}

interface Wanted {
  readonly api: Api;
  readonly run_id: string;
  readonly name: string;
  readonly signal: AbortSignal;
}

/** Under its name once it is whole. @returns its path */
async function fetchInto(folder: string, { api, run_id, name, signal }: Wanted): Promise<string> {
  const { url } = await api('runArtefact', { params: { run_id, name } });
  const response = await fetch(url, { signal }).catch((cause: unknown) => {
    throw signal.aborted ? cause : new UnreachableError(`${new URL(url).origin} does not answer`, cause);
  });
  if (!response.ok || !response.body) {
    throw new CliError(`${name} cannot be fetched: its link answered ${response.status}`);
  }
  const file = join(folder, name);
  const partial = `${file}.${process.pid}.part`;
  try {
    await pipeline(Readable.fromWeb(response.body), createWriteStream(partial), { signal });
    await rename(partial, file);
  } finally {
    await rm(partial, { force: true });
  }
  return file;
}
