import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelManifestSchema } from '@kilat/contracts';
import type { Part } from './part.ts';

const MODELS = 'var/task/models';

/** The models that are shipped, each under the licence that its manifest states. */
export function models(folder: string): Part[] {
  if (!existsSync(join(folder, MODELS))) return [];
  return readdirSync(join(folder, MODELS))
    .sort()
    .map((name) => {
      const file = join(folder, MODELS, name, 'model.json');
      const { version, licence, weights } = modelManifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      return {
        type: 'machine-learning-model',
        name,
        version,
        licences: [licence],
        texts: [],
        sha256: weights.sha256,
        owns: [`${MODELS}/${name}/`],
      };
    });
}
