import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Architecture, hostArchitecture } from '../architecture.ts';
import { inScratch } from '../scratch.ts';
import { layOutBuild, layOutRuntime } from './file-system.ts';
import { readBaseLock } from './lock.ts';

/** Makes an image of a folder, by the Dockerfile that is named. */
export interface BaseBuild {
  readonly reference: string;
  readonly dockerfile: string;
  readonly folder: string;
  readonly architecture: Architecture;
  readonly args?: Readonly<Record<string, string>>;
}

/** Keeps base images from one build to the next. */
export interface BaseStore {
  has(reference: string): Promise<boolean>;
  build(base: BaseBuild): Promise<void>;
}

export interface BaseOptions {
  readonly store: BaseStore;
  readonly scratchDir: string;
  readonly architecture: Architecture;
  readonly say: (step: string) => void;
}

export interface Bases {
  readonly runtime: string;
  /** of the stage that fetches packages; it runs on this machine's processor, whatever the image is for */
  readonly build: string;
}

const RUNTIME = 'localhost/kilat-runtime-stand-in';
const BUILD = 'localhost/kilat-build-stand-in';

/** True for a base image that was made of other things than it would be made of now. */
export const isStaleBase = (reference: string): boolean =>
  [RUNTIME, BUILD].some((name) => reference.startsWith(name)) && !reference.endsWith(`-${key()}`);

/** Makes the stand-ins for AWS's base images, or finds them made before of the very same things. */
export async function prepareBases({ architecture, ...options }: BaseOptions): Promise<Bases> {
  const host = await runtimeBase({ ...options, architecture: hostArchitecture });
  const build = await buildBase(options, host);
  const runtime = architecture === hostArchitecture ? host : await runtimeBase({ ...options, architecture });
  return { runtime, build };
}

async function runtimeBase({ store, scratchDir, architecture, say }: BaseOptions): Promise<string> {
  const reference = `${RUNTIME}:${architecture}-${key()}`;
  if (await store.has(reference)) return reference;
  say(`base for ${architecture}: Debian by debootstrap, Node`);
  await inScratch(scratchDir, async (scratch) => {
    const folder = join(scratch, 'runtime');
    await layOutRuntime(readBaseLock(), architecture, folder);
    const dockerfile = join(import.meta.dirname, 'runtime.Dockerfile');
    await store.build({ reference, dockerfile, folder, architecture });
  });
  return reference;
}

async function buildBase({ store, scratchDir, say }: Omit<BaseOptions, 'architecture'>, runtime: string) {
  const reference = `${BUILD}:${hostArchitecture}-${key()}`;
  if (await store.has(reference)) return reference;
  say('base of the build stage: npm');
  await inScratch(scratchDir, async (folder) => {
    await layOutBuild(readBaseLock(), folder);
    const dockerfile = join(import.meta.dirname, 'build.Dockerfile');
    const args = { RUNTIME_IMAGE: runtime };
    await store.build({ reference, dockerfile, folder, architecture: hostArchitecture, args });
  });
  return reference;
}

/** Of all that the base images are made by: the lock, the Dockerfiles, this code and the client's. */
function key(): string {
  const hash = createHash('sha256');
  for (const folder of [import.meta.dirname, join(import.meta.dirname, '../../local/lambda/runtime')]) {
    for (const name of readdirSync(folder).sort()) hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex').slice(0, 12);
}
