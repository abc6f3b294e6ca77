import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { encodeDataset } from '@kilat/adapters/snapshot-store';
import { runTrainingJob } from '@kilat/adapters/training-job';
import { beforeEach, describe, expect, it } from 'vitest';
import { aDataset, customers } from '../../support/dataset.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const task = {
  operation: 'train',
  run: {
    tenant_id: 'acme',
    user_id: 'ada',
    model: 'churn',
    run_id: '01920000-0000-7000-8000-000000000001',
    trigger: 'request',
    seed: 1,
    promotion: 'auto',
  },
  snapshot: { dataset_sha256: 'a'.repeat(64), parent_version: '1' },
  candidate: { index: 0, name: 'logistic C=1', parameters: { family: 'logistic', C: 1 } },
};
const dataset = aDataset(customers(10), { columns: [{ name: 'id', type: 'text' }] });

/** The folder as SageMaker lays it out: every hyperparameter is text. */
async function anOptMl(task: unknown): Promise<string> {
  const root = temporaryFolder();
  await mkdir(join(root, 'input/config'), { recursive: true });
  await mkdir(join(root, 'input/data/dataset'), { recursive: true });
  await writeFile(join(root, 'input/config/hyperparameters.json'), JSON.stringify({ task: JSON.stringify(task) }));
  await writeFile(join(root, 'input/data/dataset/rows.parquet'), encodeDataset(dataset));
  return root;
}

describe('a training job of SageMaker’s', () => {
  let root: string;
  beforeEach(async () => {
    root = await anOptMl(task);
  });

  it('does the step of its hyperparameters on the dataset of its channel, and exits with 0', async () => {
    const code = await runTrainingJob({
      root,
      run: async (asked, { read }) => {
        const { rows } = await read({ tenantId: 'acme', model: 'churn' }, 'a'.repeat(64));
        return { asked, rows: rows.length };
      },
    });

    expect(code).toBe(0);
    expect(JSON.parse(await readFile(join(root, 'model/result.json'), 'utf8'))).toEqual({ asked: task, rows: 10 });
  });

  it('says why it failed in as many characters as SageMaker shows, and exits with 1', async () => {
    const run = () => Promise.reject(new RangeError('too few rows '.repeat(200)));

    expect(await runTrainingJob({ root, run })).toBe(1);

    const failure = await readFile(join(root, 'output/failure'), 'utf8');
    expect(failure).toMatch(/^RangeError: too few rows/);
    expect(failure).toHaveLength(1024);
  });

  it('fails where it is asked for no step', async () => {
    const code = await runTrainingJob({ root: await anOptMl({ operation: 'dance' }), run: async () => ({}) });

    expect(code).toBe(1);
  });
});
