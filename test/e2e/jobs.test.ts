import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { JobResultLine } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, endpoint, example, tokenOfNewUser } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { imagenetPhotos, predictedAlone } from '../support/imagenet.ts';
import { done, ended, putInbox, resultOf, submit } from '../support/jobs.ts';
import { hasSharedData } from '../support/shared-data.ts';
import { forms, upload } from '../support/uploads.ts';

const tenant = `j-${crypto.randomUUID().slice(0, 8)}`;
const digits = ['three', 'five', 'seven'] as const;

let ani: string;
let budi: string;
let chief: string;
let stranger: string;
let photos: Buffer[];

beforeAll(async () => {
  const users = await Promise.all([
    tokenOfNewUser(tenant),
    tokenOfNewUser(tenant),
    tokenOfNewUser(tenant, 'admin'),
    tokenOfNewUser(`${tenant}-x`, 'admin'),
  ]);
  [ani, budi, chief, stranger] = users.map(({ access }) => access) as [string, string, string, string];
  photos = await Promise.all(digits.map((digit) => example(`${digit}.jpg`)));
});

const inline = (): object[] => photos.map((photo) => ({ image_base64: photo.toString('base64') }));
const labels = (lines: JobResultLine[]) =>
  lines.map(({ predictions, problem }) => (predictions ? predictions[0]!.label : problem!.code));

describe('a job', () => {
  it('is taken on at once, under an address of its own', async () => {
    const { status, headers, body } = await submit(ani, { model: 'signs', items: inline() });

    expect([status, body.state, headers.get('location')]).toEqual([202, 'queued', `/v1/jobs/${body.job_id}`]);
    expect((await call(headers.get('location')!, { token: ani })).status).toBe(200);
  });

  it('of inline photos names what is on each, and what is wrong with the others', async () => {
    const items = [...inline(), { image_base64: 'bm90IGFuIGltYWdl' }, { image_url: 'http://127.0.0.1/photo.jpg' }];

    const job = await done(ani, { items });

    expect(job).toMatchObject({
      state: 'partially_failed',
      counts: { total: 5, succeeded: 3, failed: 2, pending: 0 },
      progress: 1,
    });
    expect(labels(await resultOf(ani, job.job_id))).toEqual([
      ...['3', '5', '7'],
      ...['unsupported-image-format', 'image-url-not-allowed'],
    ]);
  });

  it('puts each prediction into the history of its owner, with source batch', async () => {
    const job = await done(ani, { items: inline() });
    const [line] = await resultOf(ani, job.job_id);

    const { body } = await call(`/v1/history/${line!.prediction_id}`, { token: ani });

    expect(body).toMatchObject({ source: 'batch', label: '3', predictions: line!.predictions });
  });

  it('of uploads reads what was posted through the forms', async () => {
    const uploads = await forms(ani, { count: 3 });
    const statuses = await Promise.all(uploads.map((form, index) => upload(form, photos[index]!, 'image/jpeg')));

    const job = await done(ani, { uploads: [...uploads.map(({ key }) => key), `${uploads[0]!.key}-gone`] });

    expect(statuses).toEqual([204, 204, 204]);
    expect(labels(await resultOf(ani, job.job_id))).toEqual(['3', '5', '7', 'source-not-found']);
  });

  it('of a prefix takes the objects that its globs name', async () => {
    const folder = `sources/${tenant}/${crypto.randomUUID()}/`;
    await putInbox(`${folder}a/three.jpg`, photos[0]!);
    await putInbox(`${folder}a/notes.txt`, 'not a photo');
    await putInbox(`${folder}b/five.jpg`, photos[1]!);

    const job = await done(ani, { source: { prefix: folder, include: ['**/*.jpg'], exclude: ['b/**'] } });

    const lines = await resultOf(ani, job.job_id);
    expect(lines.map(({ input }) => input)).toEqual([`${folder}a/three.jpg`]);
    expect(labels(lines)).toEqual(['3']);
  });

  it('of a manifest goes row by row, and names the rows that are wrong', async () => {
    const [form] = await forms(ani, { media_type: 'text/csv' });
    const folder = `sources/${tenant}/${crypto.randomUUID()}/`;
    await putInbox(`${folder}seven, eight.jpg`, photos[2]!);
    const rows = ['key,image_url', `"${folder}seven, eight.jpg",`, 'a,b', `sources/${tenant}-x/secret.jpg,`];
    await upload(form!, Buffer.from(rows.join('\r\n')), 'text/csv');

    const job = await done(ani, { manifest: form!.key });

    expect(labels(await resultOf(ani, job.job_id))).toEqual(['7', 'invalid-manifest', 'forbidden']);
  });

  it('of nothing fails, and says why', async () => {
    const job = await done(ani, { source: { prefix: `sources/${tenant}/nothing/` } });

    expect(job).toMatchObject({ state: 'failed', counts: { total: 0 }, problem: { code: 'source-not-found' } });
  });

  it('is refused by name: two sources, an unknown model, a body that is no JSON', async () => {
    const both = await submit(ani, { items: inline(), manifest: `uploads/${tenant}/x.csv` });
    const unknown = await submit(ani, { model: 'resnet', items: inline() });
    const broken = await call('/v1/jobs/predict', {
      token: ani,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });

    expect([both, unknown, broken].map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'invalid-request'],
      [404, 'model-not-found'],
      [400, 'malformed-request'],
    ]);
  });

  it('that is cancelled stays so, and has no result', async () => {
    const items = Array.from({ length: 150 }, () => inline()[0]);
    const { body } = await submit(ani, { items });

    const cancelled = await call(`/v1/jobs/${body.job_id}`, { token: ani, method: 'DELETE' });
    const again = await call(`/v1/jobs/${body.job_id}`, { token: ani, method: 'DELETE' });
    const result = await call(`/v1/jobs/${body.job_id}/result`, { token: ani });

    expect(cancelled.body.state).toBe('cancelled');
    expect([again.status, again.body.code]).toEqual([409, 'job-has-ended']);
    expect([result.status, result.body.code]).toEqual([409, 'job-result-not-available']);
    expect((await ended(ani, body.job_id)).counts.succeeded).toBeLessThan(150);
  });

  it('has a result that comes in pages', async () => {
    const job = await done(ani, { items: Array.from({ length: 45 }, (_, index) => inline()[index % 3]) });
    const pages: JobResultLine[][] = [];
    let query = 'limit=30';

    for (let cursor: string | undefined = ''; cursor !== undefined; query = `limit=30&next_cursor=${cursor}`) {
      const { body } = await call(`/v1/jobs/${job.job_id}/result?${query}`, { token: ani });
      pages.push(body.items);
      cursor = body.next_cursor;
    }

    expect(pages.map((page) => page.length)).toEqual([30, 15]);
    expect(pages.flat().map(({ index }) => index)).toEqual(Array.from({ length: 45 }, (_, index) => index));
  });
});

describe('an idempotency key', () => {
  it('makes a retry the same job', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };

    const first = await submit(ani, { items: inline() }, headers);
    const second = await submit(ani, { items: inline() }, headers);

    expect([second.status, second.body.job_id]).toEqual([202, first.body.job_id]);
  });

  it('lets one of many at once through; the rest meet it or its job', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };

    const answers = await Promise.all(Array.from({ length: 5 }, () => submit(ani, { items: inline() }, headers)));

    const jobs = answers.filter(({ status }) => status === 202).map(({ body }) => body.job_id);
    const others = answers.filter(({ status }) => status !== 202).map(({ body }) => body.code);
    expect(new Set(jobs).size).toBe(1);
    expect(others.filter((code) => code !== 'idempotency-key-in-use')).toEqual([]);
  });

  it('is refused with another request', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await submit(ani, { items: inline() }, headers);

    const { status, body } = await submit(ani, { items: inline(), top_k: 1 }, headers);

    expect([status, body.code]).toEqual([422, 'idempotency-key-reused']);
  });

  it('of another user is another key', async () => {
    const headers = { 'idempotency-key': crypto.randomUUID() };

    const [first, second] = await Promise.all([ani, budi].map((token) => submit(token, { items: inline() }, headers)));

    expect(second!.body.job_id).not.toBe(first!.body.job_id);
  });
});

it('puts the end of a job on the event bus, once, for whoever has a rule', async () => {
  const [events, sqs] = [new EventBridgeClient(endpoint('eventbridge')), new SQSClient(endpoint('sqs'))];
  const name = `ended-${crypto.randomUUID()}`;
  const EventBusName = await jobBus();
  const queueArn = `arn:aws:sqs:us-east-1:000000000000:${name}`;
  const Policy = policyForRule(queueArn, `arn:aws:events:us-east-1:000000000000:rule/${EventBusName}/${name}`);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy } }));
  const EventPattern = JSON.stringify({ 'detail-type': ['kilat.job.ended'], detail: { tenantid: [tenant] } });
  await events.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern }));
  const Targets = [{ Id: 'queue', Arn: queueArn }];
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets }));

  const { job_id } = await done(ani, { items: inline() });

  const event = await eventually(async () => {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body }) => JSON.parse(Body!)).find(({ detail }) => detail.subject === job_id);
  });
  expect(event).toMatchObject({
    source: 'kilat',
    detail: { specversion: '1.0', id: job_id, data: { state: 'succeeded', counts: { total: 3 } } },
  });
});

/** Lets EventBridge send to a queue for one rule. */
const policyForRule = (queueArn: string, ruleArn: string): string =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { Service: 'events.amazonaws.com' },
      Action: 'sqs:SendMessage',
      Resource: queueArn,
      Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
    },
  });

/** The bus that the template gives the function that tells of jobs. */
async function jobBus(): Promise<string> {
  const lambda = new LambdaClient(endpoint('lambda'));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  return Functions.map(({ Environment }) => Environment?.Variables?.EVENT_BUS).find((name) => name !== undefined)!;
}

describe('a webhook', () => {
  it('at an address that is not public is refused at once', async () => {
    const { status, body } = await submit(ani, { items: inline(), webhook_url: 'http://169.254.169.254/' });

    expect([status, body.code]).toEqual([422, 'webhook-url-not-allowed']);
  });

  it('whose name leads to such an address is not called, and the job says so', async () => {
    const { job_id } = await done(ani, { items: inline(), webhook_url: 'http://localhost:9/hook' });

    const job = await eventually(async () => {
      const { body } = await call(`/v1/jobs/${job_id}`, { token: ani });
      return body.webhook_problem && body;
    });

    expect([job.state, job.webhook_problem.code]).toEqual(['succeeded', 'webhook-url-not-allowed']);
  });

  it('is signed with a secret of the tenant’s, which its admins see', async () => {
    const secretOf = (token: string) => call('/v1/webhooks/secret', { token });

    const [first, again, strange, user] = await Promise.all([chief, chief, stranger, ani].map(secretOf));

    expect(first!.body.secret).toMatch(/^whsec_[A-Za-z0-9+/]{32}$/);
    expect(again!.body).toEqual(first!.body);
    expect(strange!.body.secret).not.toBe(first!.body.secret);
    expect([user!.status, user!.body.code]).toEqual([403, 'forbidden']);
  });
});

describe('tenancy', () => {
  it('shows a job to its owner and the tenant’s admin, and to nobody else', async () => {
    const job = await done(ani, { items: inline() });
    const paths = [`/v1/jobs/${job.job_id}`, `/v1/jobs/${job.job_id}/result`];
    const statuses = (token: string) => Promise.all(paths.map(async (path) => (await call(path, { token })).status));

    expect(await Promise.all([ani, chief, budi, stranger].map(statuses))).toEqual([
      [200, 200],
      [200, 200],
      [404, 404],
      [404, 404],
    ]);
  });

  it('lets nobody else cancel a job', async () => {
    const { body } = await submit(ani, { items: inline() });

    const answers = await Promise.all(
      [budi, stranger].map((token) => call(`/v1/jobs/${body.job_id}`, { token, method: 'DELETE' })),
    );

    expect(answers.map(({ status, body: { code } }) => [status, code])).toEqual(Array(2).fill([404, 'job-not-found']));
  });

  it('lists one’s own jobs, the newest first, and an admin the tenant’s, page by page', async () => {
    const first = await submit(budi, { items: inline() });
    const second = await submit(budi, { items: inline() });
    const idsOf = (body: { items: { job_id: string }[] }) => body.items.map(({ job_id }) => job_id);

    const page = await call('/v1/jobs?limit=1', { token: budi });
    const next = await call(`/v1/jobs?limit=1&next_cursor=${page.body.next_cursor}`, { token: budi });
    const all = await call('/v1/jobs?limit=100', { token: chief });
    const strange = await call('/v1/jobs', { token: stranger });

    expect([...idsOf(page.body), ...idsOf(next.body)]).toEqual([second.body.job_id, first.body.job_id]);
    expect(idsOf(all.body)).toEqual(expect.arrayContaining([first.body.job_id, second.body.job_id]));
    expect(new Set(all.body.items.map(({ user_id }: { user_id: string }) => user_id)).size).toBe(2);
    expect(strange.body.items).toEqual([]);
  });

  it.each([
    ['an upload of another user', (): object => ({ uploads: [`uploads/${tenant}/somebody/photo.jpeg`] })],
    ['an upload of another tenant', (): object => ({ uploads: [`uploads/${tenant}-x/somebody/photo.jpeg`] })],
    ['a prefix of another tenant', (): object => ({ source: { prefix: `inbox/${tenant}-x/` } })],
    ['a prefix of all tenants', (): object => ({ source: { prefix: 'inbox/' } })],
    ['a prefix that other tenants share', (): object => ({ source: { prefix: `sources/${tenant}` } })],
    ['a manifest of another tenant', (): object => ({ manifest: `sources/${tenant}-x/all.csv` })],
  ])('refuses %s', async (_, request) => {
    const { status, body } = await submit(ani, request());

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

describe('a form for an upload', () => {
  it('takes no more bytes than it says', async () => {
    const [form] = await forms(ani, {});

    expect(await upload(form!, new Uint8Array(3 * 1024 * 1024 + 1), 'image/jpeg')).toBe(400);
  });

  it('takes no other key', async () => {
    const [form] = await forms(ani, {});
    const moved = { ...form!, fields: { ...form!.fields, key: `inbox/${tenant}-x/signs/three.jpg` } };

    expect(await upload(moved, photos[0]!, 'image/jpeg')).toBe(403);
  });
});

describe.skipIf(!hasSharedData)('100 photos of ImageNet as a job', () => {
  it('get the labels and confidences that each gets alone', { timeout: 120_000 }, async () => {
    const photos = await imagenetPhotos();
    const source = `sources/${tenant}/imagenet100/`;
    await Promise.all([...photos].map(([name, photo]) => putInbox(source + name, photo)));

    const job = await done(ani, { model: 'mobilenetv2', source: { prefix: source } });

    expect(job).toMatchObject({ state: 'succeeded', counts: { total: 100, succeeded: 100 } });
    const answers = (await resultOf(ani, job.job_id)).map(({ predictions }) => predictions);
    expect(answers).toEqual(await predictedAlone(ani, photos));
  });
});
