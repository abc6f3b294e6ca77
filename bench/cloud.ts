import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root, type Subject } from './subject.ts';

const run = promisify(execFile);
const node = ['--disable-warning=ExperimentalWarning'];

/** A local cloud in a process of its own, as `npm start` boots it. */
export interface BenchCloud {
  readonly apiUrl: string;
  readonly endpoints: Readonly<Record<string, string>>;
  readonly token: string;
  /** process start to the first answer, in milliseconds */
  readonly bootMs: number;
  stop(): Promise<void>;
}

export async function startCloud({ modelsDir }: Subject): Promise<BenchCloud> {
  const dataDir = await mkdtemp(join(tmpdir(), 'kilat-bench-data-'));
  const env = { ...process.env, KILAT_DATA: dataDir, KILAT_MODELS: modelsDir };
  const start = performance.now();
  const child = spawn(process.execPath, [...node, join(root, 'bin/local.ts'), '--port', '0'], { env, cwd: root });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await new Promise<void>((resolve) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += chunk;
      if (printed.includes('Ctrl-C')) resolve();
    });
    child.once('exit', () => resolve());
  });
  const bootMs = performance.now() - start;
  const { api_url, endpoints } = JSON.parse(await readFile(join(dataDir, 'local.json'), 'utf8'));
  const { stdout } = await run(process.execPath, [...node, join(root, 'bin/kilat.ts'), 'token'], { env, cwd: root });
  return {
    apiUrl: api_url,
    endpoints,
    token: stdout.trim(),
    bootMs,
    async stop() {
      child.kill('SIGINT');
      await exited;
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
