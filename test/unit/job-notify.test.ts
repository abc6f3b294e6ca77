import type { JobEndedEvent } from '@kilat/contracts';
import {
  type NotifyPorts,
  notifyJob,
  showWebhookSecret,
  WebhookNotDeliveredError,
  type WebhookRequest,
  WebhookUrlNotAllowedError,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aJob, JOB_ID, JOB_TIME, memoryJobs } from '../support/job.ts';

const ref = { tenantId: 'acme', jobId: JOB_ID };
const ended = aJob({
  state: 'partially_failed',
  ...{ succeeded: 90, failed: 10, finished_at: new Date(JOB_TIME + 50_000).toISOString() },
  webhook_url: 'https://example.com/hook',
});

/** @param failures what the first tries come to */
function aWorld(job = ended, failures: Error[] = []) {
  const posted: WebhookRequest[] = [];
  const pauses: number[] = [];
  const events: JobEndedEvent[] = [];
  let nowMs = JOB_TIME + 60_000;
  const ports: NotifyPorts = {
    jobs: memoryJobs(job),
    events: { put: async (event) => void events.push(event) },
    secrets: { of: async (tenantId) => `whsec_${tenantId}` },
    now: () => nowMs,
    async pause(ms) {
      pauses.push(ms);
      nowMs += ms;
    },
    async postWebhook(request) {
      posted.push(request);
      const failure = failures.shift();
      if (failure) throw failure;
    },
  };
  return { ports, posted, pauses, events };
}

describe('the end of a job', () => {
  it('is put on the bus, with the tenant that it belongs to', async () => {
    const { ports, events } = aWorld({ ...ended, webhook_url: undefined });

    await notifyJob(ports, ref);
    await notifyJob(ports, ref);

    expect(events.map(({ type, tenantid, subject }) => [type, tenantid, subject])).toEqual([
      ['kilat.job.ended', 'acme', JOB_ID],
    ]);
  });

  it('is told once, as a CloudEvent, however often the message comes', async () => {
    const { ports, posted } = aWorld();

    const [first, second] = [await notifyJob(ports, ref), await notifyJob(ports, ref)];

    expect([first?.notified_at, second]).toEqual(['2022-02-22T19:23:22.000Z', undefined]);
    expect(posted).toHaveLength(1);
    expect(posted[0]).toMatchObject({ id: JOB_ID, secret: 'whsec_acme', timestamp: (JOB_TIME + 60_000) / 1000 });
    expect(JSON.parse(posted[0]!.body)).toMatchObject({
      specversion: '1.0',
      type: 'kilat.job.ended',
      subject: JOB_ID,
      time: '2022-02-22T19:23:12.000Z',
      data: { state: 'partially_failed', counts: { total: 100, succeeded: 90, failed: 10, pending: 0 } },
    });
  });

  it('is tried again under the same id, at a new time', async () => {
    const away = () => new WebhookNotDeliveredError('away');
    const { ports, posted, pauses } = aWorld(ended, [away(), away()]);

    const job = await notifyJob(ports, ref);

    expect(pauses).toEqual([1000, 5000]);
    expect(new Set(posted.map(({ id }) => id)).size).toBe(1);
    expect(posted[2]!.timestamp - posted[0]!.timestamp).toBe(6);
    expect(job!.webhook_problem).toBeUndefined();
  });

  it('is given up after four tries, and the job says so', async () => {
    const { ports, posted } = aWorld(ended, Array(9).fill(new WebhookNotDeliveredError('away')));

    const job = await notifyJob(ports, ref);

    expect(posted).toHaveLength(4);
    expect(job!.webhook_problem).toMatchObject({ code: 'webhook-not-delivered', detail: 'away' });
  });

  it('is not tried again at an address that is not allowed', async () => {
    const { ports, posted } = aWorld(ended, [new WebhookUrlNotAllowedError('private')]);

    const job = await notifyJob(ports, ref);

    expect([posted.length, job!.webhook_problem!.code]).toEqual([1, 'webhook-url-not-allowed']);
  });

  it('of a job without a webhook, and of one that still runs, is told to nobody', async () => {
    const without = aWorld({ ...ended, webhook_url: undefined });
    const running = aWorld(aJob({ webhook_url: 'https://example.com/hook' }));

    const told = [await notifyJob(without.ports, ref), await notifyJob(running.ports, ref)];

    expect([told[0]!.job_id, told[1]]).toEqual([JOB_ID, undefined]);
    expect([...without.posted, ...running.posted]).toEqual([]);
  });
});

it('shows the secret to admins alone', async () => {
  const { ports } = aWorld();
  const identity = { tenantId: 'acme', userId: 'u1', isAdmin: true };

  expect(await showWebhookSecret(ports.secrets, identity)).toEqual({ secret: 'whsec_acme' });
  await expect(showWebhookSecret(ports.secrets, { ...identity, isAdmin: false })).rejects.toMatchObject({
    code: 'forbidden',
  });
});
