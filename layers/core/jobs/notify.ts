import { type Identity, type JobEndedEvent, type JobRecord, jobEndedEventSchema } from '@kilat/contracts';
import { ForbiddenError, type PlatformError } from '../errors.ts';
import { isRefusal, itemProblem } from './item-problem.ts';
import { endStates, hasEnded, jobView } from './progress.ts';
import type { JobRef, JobStore } from './store.ts';

export interface WebhookSecrets {
  /** The secret of a tenant, always the same: `whsec_` and base64. */
  of(tenantId: string): Promise<string>;
}

export interface JobEvents {
  put(event: JobEndedEvent): Promise<void>;
}

export interface WebhookRequest {
  readonly url: string;
  /** the same at every try, by which the receiver tells a repetition */
  readonly id: string;
  /** epoch seconds */
  readonly timestamp: number;
  readonly body: string;
  readonly secret: string;
}

export interface NotifyPorts {
  readonly jobs: JobStore;
  readonly events: JobEvents;
  readonly secrets: WebhookSecrets;
  /** Posts once. @throws {PlatformError} when it cannot be delivered */
  readonly postWebhook: (request: WebhookRequest) => Promise<void>;
  readonly pause: (ms: number) => Promise<void>;
  /** epoch milliseconds */
  readonly now: () => number;
}

/** After these the receiver is given up, and the job says so. */
const PAUSES_MS = [1000, 5000, 25_000];

/**
 * Tells the event bus and the job's webhook that it ended. A job that is told of is marked, so that a repeated message
 * tells nobody again; consumers tell the repetition that a crash may leave by the event's id.
 * @returns the job, where it was told of here
 */
export async function notifyJob(ports: NotifyPorts, ref: JobRef): Promise<JobRecord | undefined> {
  const job = await ports.jobs.find(ref);
  if (!job || !hasEnded(job) || job.notified_at) return undefined;
  await ports.events.put(endedEvent(job, ports.now()));
  const failure = job.webhook_url === undefined ? undefined : await deliver(ports, job, job.webhook_url);
  return ports.jobs.advance(ref, endStates, {
    notified_at: new Date(ports.now()).toISOString(),
    ...(failure && { webhook_problem: itemProblem(failure) }),
  });
}

async function deliver(ports: NotifyPorts, job: JobRecord, url: string): Promise<PlatformError | undefined> {
  const secret = await ports.secrets.of(job.tenant_id);
  const body = JSON.stringify(endedEvent(job, ports.now()));
  for (let attempt = 0; ; attempt++) {
    const timestamp = Math.floor(ports.now() / 1000);
    try {
      await ports.postWebhook({ url, id: job.job_id, timestamp, body, secret });
      return undefined;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      const pauseMs = error.code === 'webhook-url-not-allowed' ? undefined : PAUSES_MS[attempt];
      if (pauseMs === undefined) return error;
      await ports.pause(pauseMs);
    }
  }
}

/** A CloudEvent (1.0, structured mode). */
export const endedEvent = (job: JobRecord, nowMs: number): JobEndedEvent =>
  jobEndedEventSchema.parse({
    specversion: '1.0',
    id: job.job_id,
    source: '/v1/jobs',
    type: 'kilat.job.ended',
    subject: job.job_id,
    tenantid: job.tenant_id,
    time: job.finished_at,
    datacontenttype: 'application/json',
    data: jobView(job, [], nowMs),
  });

/** What a receiver checks signatures with; it is the whole tenant's. @throws {ForbiddenError} to all but admins */
export async function showWebhookSecret(secrets: WebhookSecrets, identity: Identity): Promise<{ secret: string }> {
  if (!identity.isAdmin) throw new ForbiddenError('the secret of webhooks is for admins');
  return { secret: await secrets.of(identity.tenantId) };
}
