import { join } from 'node:path';
import { architectureNames } from '../architecture.ts';
import { unpackDebian } from '../base/debian.ts';
import { nodePackage, npmPackage, readBaseLock, writeBaseLock } from '../base/lock.ts';
import { fetchNpmPackage } from '../base/npm-package.ts';
import { inScratch } from '../scratch.ts';

/** Locks the stand-ins' Debian packages, Node and npm as they are served today. */
export async function pinBaseLock(scratchDir: string, say: (step: string) => void): Promise<void> {
  await inScratch(scratchDir, async (scratch) => {
    const { debian } = readBaseLock();
    const packages = {
      amd64: await unpackDebian(debian, 'x86_64', join(scratch, 'amd64')),
      arm64: await unpackDebian(debian, 'arm64', join(scratch, 'arm64')),
    };
    say(`Debian ${debian.suite}: ${Object.keys(packages.amd64).length} packages`);
    const npm: Record<string, string> = {};
    for (const name of [...architectureNames.map(nodePackage), npmPackage]) {
      npm[name] = await fetchNpmPackage(name, undefined, join(scratch, name));
      say(name);
    }
    writeBaseLock({ debian: { ...debian, packages }, npm });
  });
}
