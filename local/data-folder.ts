import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { LocalCloudError } from './errors.ts';
import { LOCK_FILE, lockFolder } from './folder-lock.ts';

/** Raised when data of before can no longer be read. */
const VERSION = 1;
const MARKER_FILE = 'kilat-data.json';

/** The folder that outlives the local cloud; one process at a time holds it. */
export interface DataFolder {
  readonly path: string;
  /** The path of a file in it. */
  file(name: string): string;
  /** The path of a folder in it, made where it is missing. */
  folder(name: string): string;
  /** Lets another process have it. */
  release(): void;
}

export interface DataFolderOptions {
  /** Forgets what is in the folder. @default false */
  readonly fresh?: boolean | undefined;
}

/**
 * Opens the data folder, or makes it.
 * @throws {LocalCloudError} when it is a file, cannot be written, is in use, is of another version, or holds what is
 *   not ours
 */
export function openDataFolder(directory: string, { fresh = false }: DataFolderOptions = {}): DataFolder {
  const path = resolve(directory);
  makeFolder(path);
  assertOurs(path);
  const release = lockFolder(path, () => readMarker(path).pid);
  try {
    if (fresh) forget(path);
    else assertReadable(path);
    writeMarker(path);
  } catch (error) {
    release();
    throw error;
  }
  return {
    path,
    file: (name) => join(path, name),
    folder: (name) => {
      mkdirSync(join(path, name), { recursive: true });
      return join(path, name);
    },
    release,
  };
}

function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory() === false) {
    throw new LocalCloudError(`the data folder ${path} is a file; name a folder with --data`);
  }
  try {
    mkdirSync(path, { recursive: true });
    const probe = join(path, `.writable-${process.pid}`);
    writeFileSync(probe, '');
    rmSync(probe);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new LocalCloudError(`the data folder ${path} cannot be written (${code}); name another with --data`, {
      cause,
    });
  }
}

/** Whatever else lies there is neither mixed with our files nor deleted. */
function assertOurs(path: string): void {
  const files = readdirSync(path);
  const isOurs = [MARKER_FILE, 'local.json', LOCK_FILE].some((file) => files.includes(file));
  if (files.length > 0 && !isOurs) {
    throw new LocalCloudError(
      `${path} holds files and is no data folder of Kilat; name another, or an empty one, with --data`,
    );
  }
}

function assertReadable(path: string): void {
  if (!existsSync(join(path, MARKER_FILE))) return;
  const { version } = readMarker(path);
  const advice = 'start with --fresh to forget it, or name another with --data';
  if (version === undefined)
    throw new LocalCloudError(`the data folder ${path} is damaged: ${MARKER_FILE} cannot be read; ${advice}`);
  if (version > VERSION)
    throw new LocalCloudError(`the data folder ${path} was made by a newer version of Kilat; ${advice}`);
  if (version < VERSION)
    throw new LocalCloudError(`the data folder ${path} was made by an older version of Kilat; ${advice}`);
}

interface Marker {
  readonly version?: number;
  /** The process that held the folder last. */
  readonly pid?: number;
}

function readMarker(path: string): Marker {
  try {
    const { version, pid } = JSON.parse(readFileSync(join(path, MARKER_FILE), 'utf8'));
    return { ...(Number.isInteger(version) ? { version } : {}), ...(Number.isInteger(pid) ? { pid } : {}) };
  } catch {
    return {};
  }
}

const writeMarker = (path: string): void =>
  writeFileSync(join(path, MARKER_FILE), `${JSON.stringify({ version: VERSION, pid: process.pid })}\n`);

function forget(path: string): void {
  for (const file of readdirSync(path)) {
    if (!file.startsWith(LOCK_FILE)) rmSync(join(path, file), { recursive: true });
  }
}
