import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { predictBytes } from './api.ts';
import { sharedPath } from './shared-data.ts';

/** The 100 public photos, by name. */
export async function imagenetPhotos(): Promise<Map<string, Buffer>> {
  const folder = sharedPath('photos/imagenet100');
  const files = (await readdir(folder)).filter((file) => /\.jpe?g$/i.test(file)).sort();
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(join(folder, file))] as const)));
}

/** What the API answers to each photo when it is asked one by one. */
export async function predictedAlone(token: string, photos: ReadonlyMap<string, Buffer>): Promise<unknown[]> {
  const answers: unknown[] = [];
  for (const photo of photos.values()) {
    const { body } = await predictBytes(token, new Uint8Array(photo), '?model=mobilenetv2');
    answers.push(body.predictions);
  }
  return answers;
}
