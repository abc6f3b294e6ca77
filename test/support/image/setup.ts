import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { TestProject } from 'vitest/node';
import { type Architecture, architectureNames, architectures, hostArchitecture } from '../../../image/architecture.ts';
import { readBaseLock } from '../../../image/base/lock.ts';
import { IMAGE_DIR, type ImageReport, reportDir } from '../../../image/build.ts';
import { buildahBuilder } from '../../../image/builders/buildah.ts';
import { isInstalled } from '../../../image/program.ts';
import { projectRoot } from '../shared-data.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The images by processor; empty where this machine cannot build them. */
    images: Partial<Record<Architecture, ImageReport>>;
  }
}

const run = promisify(execFile);

/** Builds both images with the command that a person would use; says so where that cannot be done here. */
export async function setup(project: TestProject): Promise<void> {
  const images: Partial<Record<Architecture, ImageReport>> = {};
  const missing = await missingHere();
  if (missing.length > 0) console.log(`image tests are skipped: ${missing.join('; ')}`);
  else for (const architecture of architectureNames) images[architecture] = await built(architecture);
  project.provide('images', images);
}

async function missingHere(): Promise<string[]> {
  const missing = [...(await buildahBuilder(join(IMAGE_DIR, 'buildah')).missing())];
  if (missing.length === 0 && !(await mayUnshare())) missing.push('this machine allows no mount namespaces');
  if (missing.length === 0 && !(await hasMirror())) missing.push(`${readBaseLock().debian.mirror} does not answer`);
  return missing;
}

const mayUnshare = (): Promise<boolean> =>
  run('unshare', ['--mount', '--pid', '--fork', 'true']).then(
    () => true,
    () => false,
  );

const hasMirror = (): Promise<boolean> => {
  const { mirror, suite } = readBaseLock().debian;
  return fetch(`${mirror}/dists/${suite}/InRelease`, { method: 'HEAD', signal: AbortSignal.timeout(15_000) }).then(
    ({ ok }) => ok,
    () => false,
  );
};

async function built(architecture: Architecture): Promise<ImageReport> {
  const args = ['--arch', architecture, '--builder', 'buildah', '--stage', 'staging'];
  await run('npm', ['run', '--silent', 'image', '--', ...args], { cwd: projectRoot });
  return JSON.parse(readFileSync(join(reportDir(architecture), 'image.json'), 'utf8'));
}

/** What runs an image's programs here: the processor itself (''), or qemu; undefined where that is not installed. */
export function emulatorOf(architecture: Architecture): string | undefined {
  if (architecture === hostArchitecture) return '';
  const { qemu } = architectures[architecture];
  return isInstalled(qemu) ? join('/usr/bin', qemu) : undefined;
}

/** A file that the command left beside an image. */
export const besideImage = (architecture: Architecture, file: string): string => {
  const path = join(reportDir(architecture), file);
  if (!existsSync(path)) throw new Error(`${path} was not written`);
  return readFileSync(path, 'utf8');
};
