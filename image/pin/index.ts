import { join } from 'node:path';
import { root } from '../../lib/repository.ts';
import { pinBaseLock } from './base-lock.ts';
import { pinDockerBases } from './docker-bases.ts';

/** Locks the base images of both builders as they are today. */
export async function pin(imageDir: string, say: (step: string) => void): Promise<void> {
  await pinBaseLock(join(imageDir, 'scratch'), say);
  await pinDockerBases(join(root, 'functions/predict/Dockerfile'), say);
}
