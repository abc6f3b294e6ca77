import {
  IDEMPOTENCY_KEY_HEADER,
  IDEMPOTENCY_KEY_PATTERN,
  type IdempotencyRecord,
  type Identity,
  imageReferenceSchema,
  type JobRecord,
  type JobRequest,
  jobInputs,
  limits,
  type Task,
} from '@kilat/contracts';
import type { Digest } from '../derived-id.ts';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError, InvalidRequestError, WrongTaskError } from '../errors.ts';
import { madeAt } from '../prediction-id.ts';
import { type ControlQueue, type IdempotencyStore, type JobStore, type ObjectStore, refOf, workKeys } from './store.ts';
import { assertOwnSource } from './tenant-keys.ts';

export interface SubmitPorts {
  readonly jobs: JobStore;
  readonly idempotency: IdempotencyStore;
  readonly work: ObjectStore;
  readonly control: ControlQueue;
  readonly newJobId: () => string;
  /** @throws {WebhookUrlNotAllowedError} */
  readonly assertWebhookUrl: (url: string) => unknown;
  readonly digest: Digest;
}

export interface Submission {
  readonly identity: Identity;
  readonly requestId: string;
  readonly request: JobRequest;
  readonly model: string;
  /** of the model */
  readonly task: Task;
  readonly idempotencyKey?: string | undefined;
}

/** Longer than a request may take: whoever still holds a key after that has died. */
const LOCK_MS = 30_000;

/**
 * Takes a job on: what it asks for is kept and a worker told; nothing of its source is read. A request that is repeated
 * with its Idempotency-Key gives the job of the first one, also where that one died half-way.
 * @throws {ForbiddenError} when the source is not the caller's
 * @throws {WrongTaskError} when its items are for models of another task @throws {InvalidRequestError} when one is none
 * @throws {IdempotencyKeyInUseError} @throws {IdempotencyKeyReusedError}
 */
export async function submitJob(ports: SubmitPorts, submission: Submission): Promise<JobRecord> {
  const { identity, request, idempotencyKey } = submission;
  assertOwnSource(identity, request);
  assertItems(submission);
  if (request.webhook_url !== undefined) ports.assertWebhookUrl(request.webhook_url);
  if (idempotencyKey === undefined) return start(ports, submission, ports.newJobId());

  const claim = await claimKey(ports, submission, idempotencyKey);
  const known = claim.is_done && (await ports.jobs.find({ tenantId: identity.tenantId, jobId: claim.job_id }));
  if (known) return known;
  try {
    const job = await start(ports, submission, claim.job_id);
    await ports.idempotency.settle(claim, { is_done: true, locked_until: 0 });
    return job;
  } catch (error) {
    await ports.idempotency.settle(claim, { is_done: false, locked_until: 0 }).catch(() => {}); // the lock ends anyway
    throw error;
  }
}

const isImage = (item: object): boolean => imageReferenceSchema.safeParse(item).success;

/** Files are read when the job is planned; what the request itself holds is looked at now. */
function assertItems({ request: { items = [] }, model, task }: Submission): void {
  const wrong = items.flatMap((item, index) => (isImage(item) === (task === 'image-classification') ? [] : [index]));
  if (wrong.length === 0) return;
  const takes = { 'image-classification': 'images', 'tabular-classification': 'rows of a table' }[task];
  if (wrong.length === items.length && !items.some((item) => 'image_base64' in item || 'image_url' in item)) {
    throw new WrongTaskError(`'${model}' takes ${takes}, which these items are not`);
  }
  const detail =
    task === 'image-classification'
      ? 'expected either "image_base64" or "image_url", each a string'
      : 'expected a row of a table, and no image';
  throw new InvalidRequestError(
    `the body: items ${wrong.slice(0, MAX_TOLD).join(', ')}: ${detail}`,
    wrong.slice(0, MAX_TOLD).map((index) => ({ pointer: `items/${index}`, detail })),
  );
}

const MAX_TOLD = 100;

/** @throws {InvalidRequestError} when the header holds what no key may */
export function idempotencyKeyIn(headers: Readonly<Record<string, string | undefined>>): string | undefined {
  const key = headers[IDEMPOTENCY_KEY_HEADER];
  if (key === undefined || IDEMPOTENCY_KEY_PATTERN.test(key)) return key;
  const detail = 'expected at most 255 characters of ASCII, and no space';
  throw new InvalidRequestError(`the header '${IDEMPOTENCY_KEY_HEADER}': ${detail}`, [
    { pointer: IDEMPOTENCY_KEY_HEADER, detail },
  ]);
}

async function start(ports: SubmitPorts, submission: Submission, jobId: string): Promise<JobRecord> {
  const job = recordOf(submission, jobId);
  const ref = refOf(job);
  await ports.work.write(workKeys.request(ref), JSON.stringify(submission.request), 'application/json');
  await ports.jobs.create(job);
  try {
    await ports.control.send({ tenant_id: ref.tenantId, job_id: ref.jobId, step: 'plan' });
  } catch (error) {
    await ports.jobs.remove(ref); // or it would be shown as queued for ever
    throw error;
  }
  return job;
}

function recordOf({ identity, requestId, request, model, task }: Submission, jobId: string): JobRecord {
  return {
    job_id: jobId,
    tenant_id: identity.tenantId,
    user_id: identity.userId,
    request_id: requestId,
    state: 'queued',
    model,
    top_k: request.top_k,
    task,
    ...(request.explain && { explain: true }),
    input: jobInputs.find((input) => request[input])!,
    ...(request.webhook_url && { webhook_url: request.webhook_url }),
  };
}

async function claimKey(ports: SubmitPorts, submission: Submission, key: string): Promise<IdempotencyRecord> {
  const mine = claimOf(ports, submission, key);
  const held = await ports.idempotency.claim(mine);
  if (!held) return mine;
  const nowMs = madeAt(mine.job_id);
  if (held.expires_at * 1000 <= nowMs) return takeOver(ports, held, mine);
  if (held.body_sha256 !== mine.body_sha256) throw new IdempotencyKeyReusedError(key);
  if (held.is_done) return held;
  if (held.locked_until > nowMs) throw new IdempotencyKeyInUseError(key);
  return takeOver(ports, held, { ...mine, job_id: held.job_id });
}

async function takeOver(
  { idempotency }: SubmitPorts,
  held: IdempotencyRecord,
  mine: IdempotencyRecord,
): Promise<IdempotencyRecord> {
  if (await idempotency.replace(held, mine)) return mine;
  throw new IdempotencyKeyInUseError(mine.key);
}

/** The new job's id carries the time, so that there is one clock. */
function claimOf({ newJobId, digest }: SubmitPorts, submission: Submission, key: string): IdempotencyRecord {
  const jobId = newJobId();
  const { tenantId, userId } = submission.identity;
  const body = digest(JSON.stringify({ model: submission.model, ...submission.request }));
  return {
    owner: `${tenantId}#${userId}`,
    key,
    body_sha256: Array.from(body, (byte) => byte.toString(16).padStart(2, '0')).join(''),
    job_id: jobId,
    is_done: false,
    locked_until: madeAt(jobId) + LOCK_MS,
    expires_at: Math.ceil(madeAt(jobId) / 1000) + limits.jobs.idempotencySeconds,
  };
}
