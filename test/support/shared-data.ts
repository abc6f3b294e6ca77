import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const projectRoot = resolve(import.meta.dirname, '../..');

/**
 * Public weights and photos for tests, which no clone carries: beside the repository, or where KILAT_SHARED says. Tests
 * that need them are skipped where the folder is absent.
 */
const sharedDir = process.env.KILAT_SHARED ?? join(projectRoot, '../shared');

export const hasSharedData = existsSync(join(sharedDir, 'models'));

export const sharedPath = (...parts: string[]): string => join(sharedDir, ...parts);

if (!hasSharedData) console.warn(`skipped what needs public weights and photos: there is no ${sharedDir}`);
