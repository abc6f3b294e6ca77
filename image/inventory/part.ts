/** Something in an image that came from somewhere, with its licence. */
export interface Part {
  readonly type: 'library' | 'application' | 'machine-learning-model' | 'operating-system';
  readonly name: string;
  readonly version: string;
  /** SPDX expressions, or the licences' names where they have none */
  readonly licences: readonly string[];
  /** the licences' texts, where it carries them */
  readonly texts: readonly string[];
  /** @see https://github.com/package-url/purl-spec */
  readonly purl?: string;
  /** in hex */
  readonly sha256?: string;
  /** what it became part of, where it has no files of its own */
  readonly within?: string;
  /** its files, and its folders with a slash at the end, from the image's root */
  readonly owns: readonly string[];
}
