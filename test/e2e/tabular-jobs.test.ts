import { readFile } from 'node:fs/promises';
import type { JobResultLine } from '@kilat/contracts';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, example, tokenOfNewUser } from '../support/api.ts';
import { aCustomer, churnCases, churnFile } from '../support/churn.ts';
import { done, putInbox, resultOf, submit } from '../support/jobs.ts';

const tenant = `tj-${crypto.randomUUID().slice(0, 8)}`;
const folder = `sources/${tenant}`;

let ani: string;
let stranger: string;

beforeAll(async () => {
  const users = await Promise.all([tokenOfNewUser(tenant), tokenOfNewUser(`${tenant}-x`)]);
  [ani, stranger] = users.map(({ access }) => access) as [string, string];
});

const rows = churnCases.map(({ instance }) => instance);
const ndjson = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** How far the farthest probability is from the trainer's. */
const deviation = (lines: readonly JobResultLine[]): number =>
  Math.max(...lines.map(({ probability }, index) => Math.abs(probability! - churnCases[index]!.probability)));

function csvOf(customers: readonly Record<string, unknown>[]): string {
  const names = Object.keys(customers[0]!);
  const lines = customers.map((customer) => names.map((name) => customer[name] ?? '').join(','));
  return [names.join(','), ...lines, ''].join('\n');
}

function parquetOf(customers: readonly Record<string, unknown>[]): Uint8Array {
  const columnData = Object.keys(customers[0]!).map((name) => ({
    name,
    data: customers.map((customer) => customer[name] ?? null),
    ...(name === 'TotalCharges' || name === 'MonthlyCharges' ? { type: 'DOUBLE' as const } : {}),
  }));
  return new Uint8Array(parquetWriteBuffer({ columnData }));
}

describe('a job over a table', () => {
  it.each([
    ['CSV', 'customers.csv', () => csvOf(rows)],
    ['NDJSON', 'customers.ndjson', () => ndjson(rows)],
    ['Parquet', 'customers.parquet', () => parquetOf(rows)],
  ])('of %s answers each row under its id, as the trainer does', async (_, name, content) => {
    await putInbox(`${folder}/${name}`, content());

    const job = await done(ani, { model: 'churn', manifest: `${folder}/${name}` });

    const lines = await resultOf(ani, job.job_id);
    expect([job.state, job.counts.succeeded]).toEqual(['succeeded', rows.length]);
    expect(lines.map(({ id }) => id)).toEqual(rows.map(({ customerID }) => customerID));
    expect(deviation(lines)).toBeLessThanOrEqual(1e-5);
  });

  it('of rows inline explains them where that is asked for, and counts segments', async () => {
    const job = await done(ani, { model: 'churn', items: rows, explain: true });

    const lines = await resultOf(ani, job.job_id);
    const count = (segment: string) => lines.filter((line) => line.segment === segment).length;
    expect(job.segments).toEqual({ low: count('low'), medium: count('medium'), high: count('high') });
    for (const { explanation } of lines) {
      const sum = Object.values(explanation!.contributions).reduce((a, b) => a + b, explanation!.base_value);
      expect(Math.abs(sum - explanation!.log_odds)).toBeLessThanOrEqual(1e-6);
    }
  });

  it('names what is wrong with a row in its place, and answers the others', async () => {
    const text = `${ndjson([aCustomer(), aCustomer({ tenure: -1 })])}no JSON\n${ndjson([aCustomer()])}`;
    await putInbox(`${folder}/mixed.ndjson`, text);

    const job = await done(ani, { model: 'churn', manifest: `${folder}/mixed.ndjson` });

    const lines = await resultOf(ani, job.job_id);
    expect([job.state, job.counts]).toEqual(['partially_failed', { total: 4, succeeded: 2, failed: 2, pending: 0 }]);
    expect(lines.map(({ input, problem }) => [input, problem?.code])).toEqual([
      ['line 1', undefined],
      ['line 2', 'invalid-instances'],
      ['line 3', 'invalid-manifest'],
      ['line 4', undefined],
    ]);
    expect(lines[1]!.problem!.detail).toContain("'tenure': -1 is too small");
  });

  it('of more rows than a chunk holds joins them in their order, and pages through them', async () => {
    const many = Array.from({ length: 1203 }, (_, index) => aCustomer({ customerID: `c${index}` }));
    await putInbox(`${folder}/big/many.csv`, csvOf(many));

    const job = await done(ani, { model: 'churn', source: { prefix: `${folder}/big/` } });

    const lines = await resultOf(ani, job.job_id);
    expect(lines.map(({ index, id }) => [index, id])).toEqual(many.map(({ customerID }, index) => [index, customerID]));
    const page = await call(`/v1/jobs/${job.job_id}/result?limit=100`, { token: ani });
    const next = await call(`/v1/jobs/${job.job_id}/result?limit=2&next_cursor=${page.body.next_cursor}`, {
      token: ani,
    });
    expect(next.body.items.map(({ id }: JobResultLine) => id)).toEqual(['c100', 'c101']);
  });

  it('puts each row into the history of its owner', async () => {
    const job = await done(ani, { model: 'churn', items: rows.slice(0, 1) });
    const [line] = await resultOf(ani, job.job_id);

    const { body } = await call(`/v1/history/${line!.prediction_id}`, { token: ani });

    expect(body).toMatchObject({ source: 'batch', model: 'churn', instance: { customerID: rows[0]!.customerID } });
  });

  it.each([
    ['with no columns', 'empty.csv', '\n', 'invalid-manifest'],
    ['that names a column twice', 'twice.csv', 'a,a\n1,2\n', 'invalid-manifest'],
    ['that is no Parquet', 'wrong.parquet', 'PAR1', 'invalid-manifest'],
    ['of another kind', 'photo.jpg', 'x', 'invalid-manifest'],
    ['without a row', 'bare.csv', 'tenure\n', 'source-not-found'],
  ])('%s fails and says so', async (_, name, content, code) => {
    await putInbox(`${folder}/${name}`, content);

    const job = await done(ani, { model: 'churn', manifest: `${folder}/${name}` });

    expect([job.state, job.problem?.code]).toEqual(['failed', code]);
  });

  it('is refused where its items are photos, as photos are where they are rows', async () => {
    const photo = { image_base64: (await example('three.jpg')).toString('base64') };

    const answers = [
      await submit(ani, { model: 'churn', items: [photo] }),
      await submit(ani, { model: 'signs', items: [aCustomer()] }),
    ];

    expect(answers.map(({ status, body }) => [status, body.code])).toEqual([
      [400, 'invalid-request'],
      [422, 'wrong-task'],
    ]);
  });

  it("of another tenant's table is refused", async () => {
    const { status, body } = await submit(stranger, { model: 'churn', manifest: `${folder}/customers.csv` });

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});

it('the shipped tables hold the same customers', async () => {
  const names = ['customers.csv', 'customers.ndjson'];
  for (const name of names) await putInbox(`${folder}/shipped-${name}`, await readFile(churnFile(`examples/${name}`)));

  const jobs = [];
  for (const name of names) jobs.push(await done(ani, { model: 'churn', manifest: `${folder}/shipped-${name}` }));

  const [first, second] = await Promise.all(jobs.map(({ job_id }) => resultOf(ani, job_id)));
  expect(first!.map(({ id, probability }) => [id, probability])).toEqual(
    second!.map(({ id, probability }) => [id, probability]),
  );
});
