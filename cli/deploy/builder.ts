import { execFile } from 'node:child_process';

/** What builds container images, as the CDK would call it. */
export interface ImageBuilder {
  readonly command: string;
  /** absent: not installed; silent: installed, and its engine does not run */
  readonly state: 'ready' | 'absent' | 'silent';
}

/** Docker, or what CDK_DOCKER names in its place: podman, finch and their like know `info` too. */
export function findBuilder(env: NodeJS.ProcessEnv = process.env): Promise<ImageBuilder> {
  const command = env.CDK_DOCKER ?? 'docker';
  return new Promise((resolve) => {
    execFile(command, ['info'], { env, timeout: 20_000 }, (error) => {
      const state = error ? ((error as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'silent') : 'ready';
      resolve({ command, state });
    });
  });
}
