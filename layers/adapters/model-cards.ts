import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { modelFolderKey } from '@kilat/contracts';
import type { ReadCard } from '@kilat/core';
import { objectStore } from './object-store.ts';

/** The name of the model card in a model's folder, on disk and in the bucket. */
const CARD = 'README.md';

export interface ModelCardsOptions {
  /** of the models that came with the deployment */
  readonly modelsDir: string;
  /** of those that were registered */
  readonly bucket: string;
}

/** Reads model cards; a version without one has an empty card. */
export function modelCards({ modelsDir, bucket }: ModelCardsOptions): ReadCard {
  const objects = objectStore(bucket);
  return async ({ tenantId, model }, { manifest, record }) => {
    if (!record) return readFile(join(modelsDir, model, CARD), 'utf8').catch(() => '');
    const card = await objects.read(modelFolderKey(tenantId, model, manifest.version) + CARD);
    return card ? new TextDecoder().decode(card.bytes) : '';
  };
}
