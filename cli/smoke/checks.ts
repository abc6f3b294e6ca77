import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { claims, type PredictionRecord, type PredictResponse, readySchema, routes } from '@kilat/contracts';
import { ApiError } from '../api/api-error.ts';
import { drop } from '../drop/drop.ts';
import { CliError, UnreachableError } from '../errors.ts';
import { readImage } from '../files.ts';
import { linesAt } from '../jobs/result.ts';
import { submit } from '../jobs/submit.ts';
import { watch } from '../jobs/watch.ts';
import type { Step } from './steps.ts';
import type { SmokeTarget } from './target.ts';

/** A photo, and the label that the model gives it where all is well. */
export interface Example {
  readonly file: string;
  readonly label: string;
}

/** The model that ships with the code, so that every stage has it. */
const MODEL = 'signs';

const folder = join(import.meta.dirname, '../../models', MODEL, 'examples');

export const shippedExamples: readonly Example[] = [
  { file: join(folder, 'three.jpg'), label: '3' },
  { file: join(folder, 'seven.jpg'), label: '7' },
  { file: join(folder, 'two.webp'), label: '2' },
];

/** A first request may find everything cold. */
const REQUEST_MS = 30_000;
const JOB_MS = 180_000;
const DROP_MS = 90_000;

/** How often the history is looked at: an admin's comes from an index, which follows the table. */
const LOOK_EVERY_MS = 500;

/** What a stage must do, in the order in which it is tried. Nothing is cleaned up: what it leaves, retention ends. */
export function smokeSteps(target: SmokeTarget, examples: readonly Example[] = shippedExamples): Step[] {
  return [...platformSteps(target), ...predictionSteps(target, examples[0]!), ...laterSteps(target, examples)];
}

function platformSteps(target: SmokeTarget): Step[] {
  const { connection, stage } = target;
  return [
    {
      name: 'health',
      needs: [],
      timeoutMs: REQUEST_MS,
      advice: 'is the stage deployed, and its address right? See the log of the function platform',
      attempt: async (signal) => {
        const health = await target.api(signal)('health');
        return `version ${health.version}, stage ${health.stage}`;
      },
    },
    {
      name: 'readiness',
      needs: ['health'],
      timeoutMs: REQUEST_MS,
      advice: 'the function predict does not reach what is named, or its model does not run: see its log',
      attempt: (signal) => readiness(target, signal),
    },
    {
      name: 'sign-in',
      needs: [],
      timeoutMs: REQUEST_MS,
      advice: `set KILAT_SMOKE_USERNAME and KILAT_SMOKE_PASSWORD, or run kilat login --stage ${stage}`,
      attempt: async () => `tenant ${tenantOf(await connection.accessToken())}`,
    },
    {
      name: 'refusal',
      needs: ['health'],
      timeoutMs: REQUEST_MS,
      advice: 'the API lets requests in without a token: look at the authoriser of its routes before anything else',
      attempt: (signal) => refusal(target, signal),
    },
  ];
}

function predictionSteps(target: SmokeTarget, example: Example): Step[] {
  let prediction: PredictResponse;
  return [
    {
      name: 'prediction',
      needs: ['health', 'sign-in'],
      timeoutMs: REQUEST_MS,
      advice: 'see the log of the function predict under the request id; a wrong label means another model',
      attempt: async (signal) => {
        const body = await readImage(example.file);
        const answer = await target.api(signal)('predict', { query: { model: MODEL }, body });
        if (!('prediction_id' in answer)) throw new CliError(`'${MODEL}' answers rows, and no photos`);
        prediction = answer;
        const [best] = prediction.predictions;
        expectLabel(example, best!.label);
        return `${best!.label} at ${best!.confidence.toFixed(3)}, by version ${prediction.model_version}`;
      },
    },
    {
      name: 'history',
      needs: ['prediction'],
      timeoutMs: REQUEST_MS,
      advice: 'the history does not show what was stored: see the log of the function history',
      attempt: async (signal) => {
        const record = await inHistory(target, prediction.prediction_id, signal);
        expectLabel(example, record.label);
        return `has ${prediction.prediction_id}`;
      },
    },
  ];
}

function laterSteps(target: SmokeTarget, examples: readonly Example[]): Step[] {
  const { stage } = target;
  let jobId: string;
  return [
    {
      name: 'job',
      needs: ['health', 'sign-in'],
      timeoutMs: JOB_MS,
      advice: `see what failed with kilat redrive --list --stage ${stage}, and the logs of job-control and batch`,
      attempt: async (signal) => {
        jobId = await endedJob(target, examples, signal);
        return `${examples.length} of ${examples.length} answered by ${jobId}`;
      },
    },
    {
      name: 'result',
      needs: ['job'],
      timeoutMs: REQUEST_MS,
      advice: 'the link to the result is signed by the function jobs: see its log',
      attempt: (signal) => resultRead(target, jobId, { examples, signal }),
    },
    {
      name: 'drop',
      needs: ['sign-in'],
      timeoutMs: DROP_MS,
      advice: `needs AWS credentials that may write to the inbox; else see kilat redrive --list --stage ${stage}, the log of batch`,
      attempt: () => dropped(target, examples[0]!),
    },
  ];
}

/** 503 is an answer here, which names what fails. */
async function readiness({ connection }: SmokeTarget, signal: AbortSignal): Promise<string> {
  const response = await get(connection, routes.ready.path, signal);
  const parsed = readySchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) throw new CliError(`the API answered ${response.status}, and not how ready it is`);
  const { ready, checks } = parsed.data;
  const failing = checks.filter(({ ok }) => !ok).map(({ name }) => name);
  if (!ready) throw new CliError(`not ready: ${failing.join(', ')}`);
  return checks.map(({ name }) => name).join(', ');
}

async function refusal({ connection }: SmokeTarget, signal: AbortSignal): Promise<string> {
  const { status } = await get(connection, routes.listHistory.path, signal);
  if (status !== 401) throw new CliError(`a request without a token is answered with ${status}; expected 401`);
  return 'without a token: 401';
}

const get = ({ apiUrl, whenUnreachable }: SmokeTarget['connection'], path: string, signal: AbortSignal) =>
  fetch(`${apiUrl.replace(/\/$/, '')}${path}`, { signal }).catch((cause: unknown) => {
    throw signal.aborted ? cause : new UnreachableError(whenUnreachable, cause);
  });

/** Whose the drops are. The API has judged the token; here it is merely read. */
function tenantOf(accessToken: string): string {
  const payload = JSON.parse(Buffer.from(accessToken.split('.')[1] ?? '', 'base64url').toString() || '{}');
  const tenantId: unknown = payload[claims.tenantId];
  if (typeof tenantId !== 'string') throw new CliError(`the token names no tenant ('${claims.tenantId}')`);
  return tenantId;
}

function expectLabel({ file, label }: Example, answered: string): void {
  if (answered !== label) throw new CliError(`${file} was answered with '${answered}'; expected '${label}'`);
}

async function inHistory(target: SmokeTarget, prediction_id: string, signal: AbortSignal): Promise<PredictionRecord> {
  const api = target.api(signal);
  for (;;) {
    try {
      return await api('getPrediction', { params: { prediction_id } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.refusal.status !== 404) throw error;
      await pause(LOOK_EVERY_MS, undefined, { signal });
    }
  }
}

async function endedJob(target: SmokeTarget, examples: readonly Example[], signal: AbortSignal): Promise<string> {
  const api = target.api(signal);
  const files = examples.map(({ file }) => file);
  const submission = { source: { kind: 'files', files }, model: MODEL, topK: 1, idempotencyKey: randomUUID() } as const;
  let job = await submit(api, submission, { signal });
  for await (job of watch(api, job.job_id, { signal })) signal.throwIfAborted();
  if (job.state === 'succeeded') return job.job_id;
  const why = job.problem ? `: ${job.problem.title}, ${job.problem.detail}` : '';
  throw new CliError(`${job.job_id} ended as ${job.state}, ${job.counts.failed} of ${job.counts.total} failed${why}`);
}

interface Reading {
  readonly examples: readonly Example[];
  readonly signal: AbortSignal;
}

async function resultRead(target: SmokeTarget, jobId: string, { examples, signal }: Reading): Promise<string> {
  const { url } = await target.api(signal)('getJobResult', { params: { job_id: jobId } });
  let lines = 0;
  for await (const line of await linesAt(url, signal)) {
    const { index, predictions } = JSON.parse(line) as { index: number; predictions: [{ label: string }] };
    expectLabel(examples[index]!, predictions[0].label);
    lines++;
  }
  if (lines !== examples.length) throw new CliError(`the result has ${lines} lines; expected ${examples.length}`);
  return `${lines} lines`;
}

async function dropped(target: SmokeTarget, example: Example): Promise<string> {
  const tenantId = tenantOf(await target.connection.accessToken());
  const { key, result, problem } = await drop({ ...(await target.inbox()), tenantId, modelName: MODEL }, example.file);
  if (!result) throw new CliError(`${key} was rejected: ${problem?.title} (${problem?.code})`);
  expectLabel(example, result.label);
  return `${result.label} for ${key}`;
}
