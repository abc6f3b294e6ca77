import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, inject, it } from 'vitest';
import { aCustomer, churnFile } from '../support/churn.ts';
import { runKilat } from '../support/local-cloud.ts';

const { dataDir } = inject('cloud');
const folder = await mkdtemp(join(tmpdir(), 'kilat-rows-'));
afterAll(() => rm(folder, { recursive: true, force: true }));
const kilat = (...args: string[]) =>
  runKilat(args, { env: { KILAT_DATA: dataDir, XDG_STATE_HOME: join(folder, 'state') } });

const cells = (stdout: string): string[][] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split(/ {2,}/));

const ids = (await readFile(churnFile('examples/customers.ndjson'), 'utf8'))
  .trimEnd()
  .split('\n')
  .map((line) => JSON.parse(line).customerID as string);

describe('kilat predict', () => {
  it.each(['customers.csv', 'customers.ndjson'])('shows a table of the rows of %s', async (name) => {
    const { code, stdout } = await kilat('predict', churnFile(`examples/${name}`), '--model', 'churn');

    const [header, ...rows] = cells(stdout);
    expect([code, header]).toEqual([0, ['ID', 'LABEL', 'PROBABILITY', 'SEGMENT']]);
    expect(rows.map(([id]) => id)).toEqual(ids);
  });

  it('explains the rows of a request as lines of JSON', async () => {
    const file = churnFile('examples/request.json');

    const { code, stdout } = await kilat('predict', file, '--model', 'churn', '--explain', '--json');

    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect([code, lines.map(({ id }) => id)]).toEqual([0, ids.slice(0, 2)]);
    expect(lines.every(({ explanation }) => explanation.top_reasons.length === 10)).toBe(true);
  });

  it('tells which row and field is wrong', async () => {
    const file = join(folder, 'wrong.ndjson');
    await writeFile(file, `${JSON.stringify(aCustomer())}\n${JSON.stringify(aCustomer({ tenure: -1 }))}\n`);

    const { code, stdout, stderr } = await kilat('predict', file, '--model', 'churn');

    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain("'instances/1/tenure': -1 is too small; the minimum is 0");
  });

  it('sends no rows to a model of photos', async () => {
    const { code, stderr } = await kilat('predict', churnFile('examples/customers.csv'), '--model', 'signs');

    expect(code).toBe(2);
    expect(stderr).toContain("'signs' takes photos");
  });
});

describe('kilat jobs submit', () => {
  it('has the rows of a table predicted', async () => {
    const submitted = await kilat(
      'jobs',
      'submit',
      churnFile('examples/customers.csv'),
      '--model',
      'churn',
      '--wait',
      '--json',
    );

    const job = JSON.parse(submitted.stdout.trimEnd().split('\n').at(-1)!);
    expect([submitted.code, job.state, job.counts.succeeded]).toEqual([0, 'succeeded', ids.length]);
    expect(job.segments.low + job.segments.medium + job.segments.high).toBe(ids.length);
  });
});
