import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { encodeDataset } from '@kilat/adapters/snapshot-store';
import { runFiles } from '@kilat/adapters/training-files';
import { runFolderKey, type TrainingTask } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { generateCustomers } from '../../models/churn/generate.ts';
import { aDataset } from '../support/dataset.ts';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { projectRoot } from '../support/shared-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const tenant = crypto.randomUUID();
const run = {
  tenant_id: tenant,
  user_id: 'ada',
  model: 'churn',
  run_id: crypto.randomUUID(),
  trigger: 'request',
  seed: 1,
  promotion: 'auto',
} as const;
const task: TrainingTask = {
  operation: 'train',
  run,
  snapshot: { dataset_sha256: 'a'.repeat(64), parent_version: '1' },
  candidate: { index: 0, name: 'logistic C=1', parameters: { family: 'logistic', C: 1 } },
};

/** What SageMaker runs: the function's own module, as a program. */
const start = (root: string) =>
  promisify(execFile)(process.execPath, [join(projectRoot, 'functions/train/handler.ts'), root]);

async function anOptMl(): Promise<string> {
  const root = temporaryFolder();
  const rows = generateCustomers(300, 1).map(({ row }) => row);
  const columns = Object.keys(rows[0]!).map((name) => ({ name, type: 'text' as const }));
  await mkdir(join(root, 'input/config'), { recursive: true });
  await mkdir(join(root, 'input/data/dataset'), { recursive: true });
  await writeFile(join(root, 'input/config/hyperparameters.json'), JSON.stringify({ task: JSON.stringify(task) }));
  await writeFile(join(root, 'input/data/dataset/rows.parquet'), encodeDataset(aDataset(rows, { columns })));
  return root;
}

describe('the training function, run as a program', () => {
  beforeAll(() => useEnvironmentOf('train'));

  it('trains a candidate on the dataset of its channel, and leaves what it found with the run', async () => {
    const root = await anOptMl();

    await start(root);

    expect(JSON.parse(await readFile(join(root, 'model/result.json'), 'utf8'))).toEqual({});
    const key = `${runFolderKey(tenant, 'churn', run.run_id)}candidates/0.json`;
    const found = await runFiles(process.env.MODELS_BUCKET!).read(key);
    expect(JSON.parse(new TextDecoder().decode(found)).spec).toEqual({
      name: 'logistic C=1',
      parameters: { family: 'logistic', C: 1 },
    });
  });

  it('exits with 1, and says why', async () => {
    const root = temporaryFolder();

    await expect(start(root)).rejects.toMatchObject({ code: 1 });

    expect(await readFile(join(root, 'output/failure'), 'utf8')).toContain('hyperparameters.json');
  });
});
