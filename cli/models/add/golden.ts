import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { type Golden, goldenSchema } from '@kilat/contracts';
import { reasonOf } from '../../errors.ts';
import { RefusedError } from '../refusal.ts';

/** An image whose label is known. */
export interface GoldenImage {
  readonly path: string;
  readonly label: string;
}

/** Where golden images lie within a model's folder. */
const EXAMPLES = 'examples';

/** Confidences of libraries and processors differ by a few hundredths. */
const TOLERANCE = 0.05;

/** `IMAGE=LABEL`; a path may hold an equals sign too, a label of the model decides where to cut. */
export function parseGoldenImage(text: string, labels: readonly string[]): GoldenImage {
  const label = labels.find((candidate) => text.endsWith(`=${candidate}`) && text.length > candidate.length + 1);
  if (label === undefined) throw new RefusedError(`--golden ${text}: expected IMAGE=LABEL, with a label of the model`);
  return { path: text.slice(0, -(label.length + 1)), label };
}

export interface GoldenFiles {
  readonly golden: Golden;
  /** by path within the model's folder */
  readonly images: ReadonlyMap<string, Uint8Array>;
}

/** @throws {RefusedError} when an image cannot be read, or two have one name */
export async function readGolden(images: readonly GoldenImage[]): Promise<GoldenFiles> {
  const files = new Map<string, Uint8Array>();
  const cases: Golden['cases'] = [];
  for (const { path, label } of images) {
    const image = `${EXAMPLES}/${basename(path)}`;
    if (files.has(image)) throw new RefusedError(`two golden images are named ${basename(path)}`);
    files.set(image, await readImage(path));
    cases.push({ image, label });
  }
  return { golden: goldenSchema.parse({ tolerance: TOLERANCE, cases }), images: files };
}

const readImage = (path: string): Promise<Uint8Array> =>
  readFile(path).catch((error: unknown) => {
    throw new RefusedError(`the golden image cannot be read: ${reasonOf(error)}`);
  });
