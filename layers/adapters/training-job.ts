import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TrainingTask, trainingTaskSchema } from '@kilat/contracts';
import type { Snapshots } from '@kilat/core';
import * as z from 'zod';
import { decodeDataset, SNAPSHOT_FILE } from './snapshot-store.ts';

/** All of a training job's hyperparameters are text; ours is one: the step, as JSON. */
const hyperparametersSchema = z.object({ task: z.string() });

/** SageMaker shows so much of why a job failed, and no more. */
const MAX_REASON_CHARACTERS = 1024;

export interface TrainingJob {
  /** @default /opt/ml */
  readonly root?: string | undefined;
  /** Does the step, on the datasets that lie in the job's folder. */
  readonly run: (task: TrainingTask, snapshots: Pick<Snapshots, 'read'>) => Promise<object>;
}

/**
 * Does a step as a training job of SageMaker's: what is asked lies in `input/config/hyperparameters.json`, the dataset
 * in `input/data/dataset`, and the outcome goes to `model/result.json`, or why there is none to `output/failure`.
 * @returns the exit code: 0, or 1 where the job failed
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/your-algorithms-training-algo.html
 */
export async function runTrainingJob({ root = '/opt/ml', run }: TrainingJob): Promise<0 | 1> {
  try {
    const task = await readTask(root);
    const outcome = await run(task, { read: () => readChannel(root) });
    await writeInto(join(root, 'model'), 'result.json', JSON.stringify(outcome));
    return 0;
  } catch (error) {
    await writeInto(join(root, 'output'), 'failure', reasonOf(error).slice(0, MAX_REASON_CHARACTERS));
    return 1;
  }
}

async function readTask(root: string): Promise<TrainingTask> {
  const text = await readFile(join(root, 'input/config/hyperparameters.json'), 'utf8');
  const { task } = hyperparametersSchema.parse(JSON.parse(text));
  return trainingTaskSchema.parse(JSON.parse(task));
}

const readChannel = async (root: string) =>
  decodeDataset(await readFile(join(root, 'input/data/dataset', SNAPSHOT_FILE)));

async function writeInto(folder: string, name: string, content: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, name), content);
}

const reasonOf = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);
