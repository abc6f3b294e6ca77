import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, platformOf } from '../architecture.ts';
import { unpinnedBases } from '../pin/docker-bases.ts';
import { isInstalled, run } from '../program.ts';
import type { BuildRequest, ImageBuilder, ImageConfig, OpenImage } from './builder.ts';

/** Builds on AWS's base images, as `cdk deploy` does. */
export function dockerBuilder(folder: string): ImageBuilder {
  return {
    name: 'docker',

    missing,

    async build({ architecture, contextDir, say }: BuildRequest): Promise<string> {
      const reference = referenceOf(architecture);
      for (const base of unpinnedBases(join(contextDir, 'Dockerfile'))) {
        say(`${base} is not pinned: 'npm run image -- pin' writes its digest into functions/predict/Dockerfile`);
      }
      say(`image for ${architecture}: docker`);
      await run('docker', ['build', '--platform', platformOf(architecture), '--tag', reference, contextDir]);
      return reference;
    },

    async config(reference): Promise<ImageConfig> {
      const [{ Config }] = JSON.parse(await run('docker', ['image', 'inspect', reference])) as [Inspection];
      const { Env, Entrypoint, Cmd, WorkingDir } = Config;
      return { env: Env ?? [], entrypoint: Entrypoint ?? [], cmd: Cmd ?? [], workingDir: WorkingDir || '/' };
    },

    async open(reference): Promise<OpenImage> {
      mkdirSync(folder, { recursive: true });
      const scratch = mkdtempSync(join(folder, 'exported-'));
      const target = join(scratch, 'files');
      mkdirSync(target);
      await exportFiles(reference, join(scratch, 'files.tar'));
      await run('tar', ['-xf', join(scratch, 'files.tar'), '-C', target]);
      return { folder: target, close: async () => rmSync(scratch, { recursive: true, force: true }) };
    },
  };
}

/** Docker exports containers alone: one is made for it, and never started. */
async function exportFiles(reference: string, archive: string): Promise<void> {
  const container = (await run('docker', ['create', reference])).trim();
  try {
    await run('docker', ['export', '--output', archive, container]);
  } finally {
    await run('docker', ['rm', container]);
  }
}

interface Inspection {
  readonly Config: {
    readonly Env: readonly string[] | null;
    readonly Entrypoint: readonly string[] | null;
    readonly Cmd: readonly string[] | null;
    readonly WorkingDir: string;
  };
}

const referenceOf = (architecture: Architecture): string => `kilat-inference:${architecture}`;

async function missing(): Promise<string[]> {
  if (!isInstalled('docker')) return ['docker is not installed: https://docs.docker.com/engine/install/'];
  const answers = await run('docker', ['info', '--format', '{{.ServerVersion}}']).then(
    (version) => version.trim() !== '',
    () => false,
  );
  return answers ? [] : ['no Docker engine answers: start it, or look whether you may use it (docker info)'];
}
