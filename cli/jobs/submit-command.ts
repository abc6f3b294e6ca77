import { randomUUID } from 'node:crypto';
import { IDEMPOTENCY_KEY_PATTERN, type Job, modelNameSchema, predictQuerySchema } from '@kilat/contracts';
import { Command } from 'commander';
import * as z from 'zod';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { as, collect, linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { counter } from '../output/progress-bar.ts';
import { run, untilInterrupted } from '../run.ts';
import { type Source, sourceOf } from './source.ts';
import { submit } from './submit.ts';
import { submittedFiles } from './submitted-files.ts';
import { runsOn, watchToItsEnd } from './watch-command.ts';

const help = `
With an idempotency key, s3:PREFIX submitted again is the same job. What is on this machine is uploaded anew each time,
so that submitting it again under the same key is refused.

A manifest is a file of NDJSON (.ndjson, .jsonl) or CSV (.csv) whose rows hold "key" or "image_url"; for a tabular model it
is the table itself, which may be Parquet (.parquet) too.

Examples:
  kilat jobs submit photos/ --model signs --wait
  kilat jobs submit 'photos/**/*.jpg' --top-k 1
  kilat jobs submit urls.ndjson
  kilat jobs submit customers.csv --model churn --explain --wait
  kilat jobs submit s3:uploads/acme/2026-11-20/ --include '**/*.jpg'
  ID=$(kilat jobs submit photos/)

Exit codes: 0 submitted (with --wait: every photo was answered), 1 not, 2 wrong usage, 130 stopped with Ctrl-C.`;

interface SubmitOptions extends ConnectionOptions {
  readonly model?: string;
  readonly topK?: number;
  readonly explain?: true;
  readonly include?: string[];
  readonly exclude?: string[];
  readonly idempotencyKey?: string;
  readonly wait?: true;
  readonly json?: true;
}

const idempotencyKeySchema = z.string().regex(IDEMPOTENCY_KEY_PATTERN, 'expected 1 to 255 printable characters');

export const submitCommand = (): Command =>
  withConnection(new Command('submit'))
    .description('upload photos and have them classified; prints the id of the job')
    .argument('<source...>', 'photos, folders of photos, patterns; or one manifest; or s3:PREFIX')
    .option('--model <name>', "which model; the stage's default where absent", as(modelNameSchema))
    .option('--top-k <number>', 'how many labels', as(predictQuerySchema.shape.top_k))
    .option('--explain', 'of rows: say why each got its probability')
    .option('--include <pattern>', 'of the keys under s3:PREFIX; may be given again', collect)
    .option('--exclude <pattern>', 'of the keys under s3:PREFIX; may be given again', collect)
    .option('--idempotency-key <key>', 'a repeated request with it is no second job', as(idempotencyKeySchema))
    .option('--wait', 'watch the job to its end')
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((words: string[], options: SubmitOptions) => run(() => submitAndWait(words, options)));

async function submitAndWait(words: readonly string[], options: SubmitOptions): Promise<boolean> {
  const connection = connect(options);
  const source = sourceOf(words);
  let told = 'stopped; nothing was submitted';
  return untilInterrupted(
    async (signal) => {
      const job = await uploadAndSubmit(apiClient(connection), { ...options, source }, signal);
      told = runsOn(job.job_id);
      if (!options.wait) return printed(job, options);
      if (!options.json) console.error(`submitted ${job.job_id}`);
      return watchToItsEnd(apiClient(connection, signal), job.job_id, { ...options, signal });
    },
    () => told,
  );
}

function printed(job: Job, { json }: Pick<SubmitOptions, 'json'>): true {
  if (json) printLine(job);
  else console.log(job.job_id);
  return true;
}

/** The signal stops uploads, and no request to the API: whether a job was submitted must not stay unknown. */
async function uploadAndSubmit(
  api: Api,
  options: SubmitOptions & { source: Source },
  signal: AbortSignal,
): Promise<Job> {
  const files = options.source.kind === 'files' ? options.source.files : [];
  const progress = counter('uploading', files.length);
  const idempotencyKey = options.idempotencyKey ?? randomUUID(); // a request that is tried again is no second job
  const job = await submit(api, { ...options, idempotencyKey }, { signal, onUploaded: () => progress.add() });
  progress.aside(() => {});
  submittedFiles().put(job.job_id, files);
  return job;
}
