import type { ImageManifest } from '@kilat/contracts';

/** Where weights may be fetched. Whatever a mirror sends, only the right hash is taken. */
export interface Mirror {
  readonly url: string;
  /** false until somebody fetched it: these addresses were collected where they could not be tried */
  readonly isVerified: boolean;
}

/** A public model that `kilat models pull` knows. */
export interface CatalogueEntry {
  readonly manifest: ImageManifest;
  readonly mirrors: readonly Mirror[];
  /** what a person has to know before using it: paragraphs of the model card */
  readonly notes: readonly string[];
}
