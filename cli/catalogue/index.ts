import type { CatalogueEntry } from './entry.ts';
import { imagenetClassifiers } from './imagenet-classifiers.ts';

export type { CatalogueEntry, Mirror } from './entry.ts';

/** The public models that can be pulled, by name. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  imagenetClassifiers.map((entry) => [entry.manifest.name, entry]),
);
