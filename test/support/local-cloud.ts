import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { projectRoot } from './shared-data.ts';

/** What `npm start` writes for other programs to find it. */
export interface LocalJson {
  readonly api_url: string;
  readonly region: string;
  readonly user_pool_id: string;
  readonly user_pool_client_id: string;
  readonly endpoints: Readonly<Record<string, string>>;
}

export interface RunningCloud {
  readonly local: LocalJson;
  readonly dataDir: string;
  readonly process: ChildProcess;
  /** All that was printed so far. */
  output(): string;
  /** Ends it as Ctrl-C would. @returns the exit code */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
}

export interface CloudOptions {
  readonly dataDir: string;
  readonly args?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

const node = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(projectRoot, 'bin/check-node.mjs'),
  join(projectRoot, 'bin/local.ts'),
];

/** Runs `bin/local.ts` as `npm start` does, without waiting for anything. */
export function spawnCloud({ dataDir, args = ['--port', '0'], env = {} }: CloudOptions): ChildProcess {
  return spawn(process.execPath, [...node, '--data', dataDir, ...args], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Boots a local cloud in a process of its own and waits until it answers. */
export async function startCloud(options: CloudOptions): Promise<RunningCloud> {
  const child = spawnCloud(options);
  const printed: string[] = [];
  child.stdout!.setEncoding('utf8').on('data', (chunk: string) => printed.push(chunk));
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => printed.push(chunk));
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await untilReady(child, printed);
  const local = JSON.parse(await readFile(join(options.dataDir, 'local.json'), 'utf8')) as LocalJson;
  return {
    local,
    dataDir: options.dataDir,
    process: child,
    output: () => printed.join(''),
    async stop(signal = 'SIGINT') {
      child.kill(signal);
      return exited;
    },
  };
}

/** The last thing printed at boot is how to call the API. */
async function untilReady(child: ChildProcess, printed: string[]): Promise<void> {
  while (!printed.join('').includes('Ctrl-C')) {
    if (child.exitCode !== null) throw new Error(`the local cloud ended at boot:\n${printed.join('')}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Waits for a command that is expected to end by itself. */
export async function outcomeOf(child: ChildProcess): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout!), text(child.stderr!), exited]);
  return { code, stdout, stderr };
}

export interface KilatOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** for its stdin */
  readonly input?: string | Uint8Array;
  /** ended once it has printed this on stderr, as Ctrl-C would */
  readonly stopAt?: string;
}

/** Runs a `kilat` command; whatever stage the developer works with, it speaks to the local cloud where none is named. */
export function runKilat(args: readonly string[], { env = {}, input, stopAt }: KilatOptions = {}) {
  const [flag, ...rest] = node;
  const child = spawn(process.execPath, [flag!, ...rest.slice(0, 2), join(projectRoot, 'bin/kilat.ts'), ...args], {
    cwd: projectRoot,
    env: { ...process.env, KILAT_STAGE: undefined, ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.end(input);
  if (stopAt) child.stderr!.on('data', (chunk) => void (String(chunk).includes(stopAt) && child.kill('SIGINT')));
  return outcomeOf(child);
}

/** Runs a `kilat` command against a data folder. */
export const kilat = (dataDir: string, ...args: string[]): ReturnType<typeof outcomeOf> =>
  runKilat(args, { env: { KILAT_DATA: dataDir } });
