import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const root = join(import.meta.dirname, '..');

const readJson = (path: string) => JSON.parse(readFileSync(join(root, path), 'utf8'));

export const { version } = readJson('package.json') as { version: string };

/** Flags of the CDK's. Its command line hands them on from cdk.json; `node bin/app.ts` and the local cloud have none. */
export const { context } = readJson('cdk.json') as { context: Record<string, unknown> };
