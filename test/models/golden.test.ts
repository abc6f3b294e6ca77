import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { describe, expect, it } from 'vitest';
import { modelNames } from '../../cli/models/folders.ts';
import { verifyModel } from '../../cli/models/verify/verify.ts';
import { projectRoot } from '../support/shared-data.ts';

const modelsDir = join(projectRoot, 'models');

/** Models whose weights are here: public ones are pulled by whoever wants them. */
async function modelsHere(): Promise<string[]> {
  const manifests = await Promise.all(modelNames(modelsDir).map((name) => readManifest(join(modelsDir, name))));
  const here = manifests.filter(({ name, weights }) => existsSync(join(modelsDir, name, weights.file)));
  return here.map(({ name }) => name);
}

const names = await modelsHere();

describe.skipIf(names.length === 0)('the models of the project', () => {
  it.each(names)('%s gives its golden answers, from photo to confidence', async (name) => {
    const { failure, cases } = await verifyModel(modelsDir, name);

    expect(failure).toBeUndefined();
    expect(cases.filter(({ ok }) => !ok)).toEqual([]);
  });
});
