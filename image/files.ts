import { type Dirent, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Every file below a folder, links aside; `readdir` would follow those, and an image's may lead out of it. */
export function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) yield* filesOf(entry);
}

function* filesOf(entry: Dirent): Generator<string> {
  const path = join(entry.parentPath, entry.name);
  if (entry.isDirectory()) yield* filesBelow(path);
  else if (entry.isFile()) yield path;
}
