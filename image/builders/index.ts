import { join } from 'node:path';
import { MissingToolsError } from '../errors.ts';
import { buildahBuilder } from './buildah.ts';
import type { ImageBuilder } from './builder.ts';
import { dockerBuilder } from './docker.ts';

const builders = { docker: dockerBuilder, buildah: buildahBuilder } as const;
export type BuilderName = keyof typeof builders;
export const builderNames = Object.keys(builders) as readonly BuilderName[];

/**
 * The builder that was asked for, or the first that can build here.
 * @param imageDir where builders keep what is theirs
 * @throws {MissingToolsError}
 */
export async function chooseBuilder(imageDir: string, wanted?: BuilderName): Promise<ImageBuilder> {
  const names = wanted ? [wanted] : builderNames;
  const missing: string[] = [];
  for (const name of names) {
    const builder = builders[name](join(imageDir, name));
    const lacks = await builder.missing();
    if (lacks.length === 0) return builder;
    missing.push(`with ${name}: ${lacks.join('; ')}`);
  }
  throw new MissingToolsError('this machine cannot build the image', missing);
}
