import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ImageConfig } from '../../../image/builders/builder.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../../local/service.ts';
import { RuntimeApi } from './runtime-api.ts';

export interface EnvironmentOptions {
  /** the image's files */
  readonly folder: string;
  readonly config: ImageConfig;
  /** @default the image's own */
  readonly handler?: string;
  /** what the template would tell the function */
  readonly variables: Readonly<Record<string, string>>;
  readonly memoryMiB: number;
  readonly timeoutMs: number;
  /** the program that runs those of another processor; empty for this machine's own */
  readonly emulator: string;
}

/** A function that was started from its image, as Lambda starts one, and its Runtime API. */
export interface ExecutionEnvironment {
  readonly api: RuntimeApi;
  readonly exited: Promise<number | null>;
  /**
   * The greatest resident memory so far, as the kernel has kept it: what never went over a limit would have met none. A
   * limit itself would need a cgroup, which few containers may make; RLIMIT_AS bounds addresses, of which V8 reserves many.
   */
  peakMemoryMiB(): number;
  /** By mount point: 'ro' or 'rw'. */
  mounts(): ReadonlyMap<string, string>;
  /** Files below a folder that only this environment has, such as /tmp. */
  filesIn(path: string): string[];
  stop(): Promise<void>;
}

/** Nothing of this machine's own variables but what the sandbox's tools need; the image's PATH replaces it within. */
const TOOLS_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

export async function startEnvironment(options: EnvironmentOptions): Promise<ExecutionEnvironment> {
  const api = await RuntimeApi.start(options.timeoutMs);
  const child = start(options, api.address);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const proc = () => `/proc/${functionPid(child)}`;
  return {
    api,
    exited,
    peakMemoryMiB: () => Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`${proc()}/status`, 'utf8'))![1]) / 1024,
    mounts: () => mountsIn(readFileSync(`${proc()}/mountinfo`, 'utf8')),
    filesIn: (path) => readdirSync(join(proc(), 'root', path), { recursive: true, encoding: 'utf8' }),
    async stop() {
      if (child.exitCode === null) process.kill(Number(functionPid(child)), 'SIGKILL');
      await exited;
      await api.close();
    },
  };
}

function start({ folder, config, handler, variables, memoryMiB, emulator }: EnvironmentOptions, api: string) {
  const command = [...config.entrypoint, ...(handler ? [handler] : config.cmd)];
  const namespaces = ['--mount', '--propagation', 'private', '--pid', '--fork', '--kill-child'];
  const sandbox = [join(import.meta.dirname, 'sandbox.sh'), folder, config.workingDir, emulator];
  return spawn('unshare', [...namespaces, 'sh', ...sandbox, ...command], {
    env: { ...imageVariables(config), ...variables, ...reserved(memoryMiB, api), PATH: TOOLS_PATH },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

const imageVariables = ({ env }: ImageConfig): Record<string, string> =>
  Object.fromEntries(env.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html */
const reserved = (memoryMiB: number, api: string): Record<string, string> => ({
  AWS_LAMBDA_RUNTIME_API: api,
  AWS_LAMBDA_FUNCTION_NAME: 'inference',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMiB),
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/inference',
  AWS_LAMBDA_LOG_STREAM_NAME: 'stream',
  AWS_REGION: LOCAL_REGION,
  AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
});

/** `unshare` waits outside for its one child, which every program of the sandbox becomes in turn. */
const functionPid = ({ pid }: ChildProcess): string =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]!;

/** @see https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html */
const mountsIn = (mountinfo: string): ReadonlyMap<string, string> =>
  new Map(
    mountinfo
      .trim()
      .split('\n')
      .map((line) => line.split(' '))
      .map(([, , , , point, options]) => [point!, options!.split(',')[0]!]),
  );
