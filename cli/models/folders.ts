import { existsSync, readdirSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { RefusedError } from './refusal.ts';

/** The names of the models in a folder. @throws {RefusedError} when there is no such folder */
export function modelNames(modelsDir: string): string[] {
  if (!existsSync(modelsDir)) throw new RefusedError(`there is no folder ${modelsDir}`);
  return readdirSync(modelsDir)
    .filter((name) => existsSync(join(modelsDir, name, 'model.json')))
    .sort();
}

export type FolderContents = ReadonlyMap<string, string | Uint8Array>;

/** Puts a whole folder in its place, or nothing; one that was there before is replaced. */
export async function writeModelFolder(modelsDir: string, name: string, contents: FolderContents): Promise<void> {
  await mkdir(modelsDir, { recursive: true });
  const staging = await mkdtemp(join(modelsDir, `.${name}-`));
  try {
    await writeFiles(join(staging, 'new'), contents);
    await replaceFolder(join(staging, 'new'), join(modelsDir, name), join(staging, 'old'));
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function writeFiles(folder: string, contents: FolderContents): Promise<void> {
  for (const [path, content] of contents) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A folder cannot be renamed onto a full one: the old one steps aside, and comes back should the new one fail. */
async function replaceFolder(source: string, target: string, aside: string): Promise<void> {
  if (!existsSync(target)) return rename(source, target);
  await rename(target, aside);
  await rename(source, target).catch(async (error: unknown) => {
    await rename(aside, target);
    throw error;
  });
}

export const asJson = (content: unknown): string => `${JSON.stringify(content, null, 2)}\n`;
