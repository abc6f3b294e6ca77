import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { UnknownDefaultModelError } from '../lib/app.ts';
import { bundleProject } from '../lib/bundle/project.ts';
import { root } from '../lib/repository.ts';
import type { Stage } from '../lib/stage.ts';
import type { Architecture } from './architecture.ts';
import type { ImageBuilder, ImageConfig } from './builders/builder.ts';
import { filesBelow } from './files.ts';
import { inventory } from './inventory/index.ts';
import { licencesOf } from './licences.ts';
import { billOfMaterials } from './sbom.ts';

export const IMAGE_DIR = join(root, '.build/image');

/** What was built, beside its bill of materials and its licences in `image.json`. */
export interface ImageReport {
  readonly reference: string;
  readonly builder: string;
  readonly architecture: Architecture;
  readonly config: ImageConfig;
  /** of /var/task: what we add to the base image */
  readonly payloadBytes: number;
  /** of all files, the base image's too */
  readonly imageBytes: number;
  readonly parts: number;
}

export interface BuildOptions {
  readonly stage: Stage;
  readonly architecture: Architecture;
  readonly builder: ImageBuilder;
  readonly say: (step: string) => void;
}

/** The folder with an image's report, bill of materials and licences. */
export const reportDir = (architecture: Architecture): string => join(IMAGE_DIR, architecture);

/**
 * Builds the inference image from nothing but this repository, and says what is in it.
 * @throws {ImageError | UnknownDefaultModelError}
 */
export async function buildImage({ stage, architecture, builder, say }: BuildOptions): Promise<ImageReport> {
  say('functions and models: esbuild');
  const { folders, models, modelsDir } = await bundleProject({ buildDir: join(IMAGE_DIR, 'bundle') });
  if (!models.includes(stage.defaultModel)) throw new UnknownDefaultModelError(stage.defaultModel, models, modelsDir);
  const reference = await builder.build({ architecture, contextDir: folders.predict, say });
  say('bill of materials, licences');
  const { folder, close } = await builder.open(reference);
  try {
    const made = { reference, builder: builder.name, architecture, config: await builder.config(reference) };
    return writeReport(made, folder);
  } finally {
    await close();
  }
}

function writeReport(made: Pick<ImageReport, 'reference' | 'builder' | 'architecture' | 'config'>, folder: string) {
  const parts = inventory(folder);
  const report: ImageReport = {
    ...made,
    payloadBytes: bytesBelow(join(folder, 'var/task')),
    imageBytes: bytesBelow(folder),
    parts: parts.length,
  };
  const target = reportDir(made.architecture);
  mkdirSync(target, { recursive: true });
  writeFileSync(join(target, 'sbom.cdx.json'), billOfMaterials(made.architecture, parts));
  writeFileSync(join(target, 'THIRD-PARTY-LICENCES.txt'), licencesOf(parts, folder));
  writeFileSync(join(target, 'image.json'), `${JSON.stringify(report, undefined, 2)}\n`);
  return report;
}

const bytesBelow = (folder: string): number =>
  [...filesBelow(folder)].reduce((sum, path) => sum + statSync(path).size, 0);
