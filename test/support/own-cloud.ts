import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootLocalCloud, type LocalCloud, type Refusal } from '../../local/index.ts';
import { readAssembly } from '../../local/template/assembly.ts';
import { Declarations } from '../../local/template/declarations.ts';
import { projectRoot } from './shared-data.ts';

/** A local cloud within this process, so that a test reaches into it. */
export interface OwnCloud extends LocalCloud {
  readonly declarations: Declarations;
  /** Every refusal so far. */
  readonly refusals: readonly Refusal[];
}

/** Boots the local stage, with the shipped model alone. */
export async function bootOwnCloud(): Promise<OwnCloud> {
  const folder = await mkdtemp(join(tmpdir(), 'kilat-iam-'));
  const refusals: Refusal[] = [];
  const cloud = await bootLocalCloud({
    assemblyDir: () => synthesise(join(folder, 'cdk.out')),
    dataDir: join(folder, 'data'),
    projectDir: projectRoot,
    onRefusal: (refusal) => refusals.push(refusal),
    onFault: () => {}, // deliveries and polls that are refused are what the test is about
  });
  const addresses = { sqs: cloud.endpoints.sqs, api: cloud.apiUrl };
  return {
    ...cloud,
    refusals,
    declarations: new Declarations(readAssembly(join(folder, 'cdk.out')), addresses),
    async close() {
      await cloud.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function synthesise(outdir: string): Promise<string> {
  const child = fork(join(projectRoot, 'bin/synthesise.ts'), [outdir]);
  const [code] = await once(child, 'exit');
  if (code !== 0) throw new Error('the templates cannot be made');
  return outdir;
}
