import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type KilatOptions, runKilat } from '../support/local-cloud.ts';
import { projectRoot } from '../support/shared-data.ts';

const { dataDir } = inject('cloud');
const signs = join(projectRoot, 'models/signs');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilat-cli-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const kilat = (args: readonly string[], options: KilatOptions = {}) =>
  runKilat(args, { ...options, env: { KILAT_DATA: dataDir, XDG_STATE_HOME: folder } });

/** A model of its own: what other suites predict with stays as it is. */
const model = `digits-${crypto.randomUUID().slice(0, 8)}`;

/** @returns the number of the new version */
async function registered(): Promise<string> {
  const manifest = join(folder, 'model.json');
  const ofSigns = JSON.parse(await readFile(join(signs, 'model.json'), 'utf8'));
  await writeFile(manifest, JSON.stringify({ ...ofSigns, name: model }));
  const files = ['--onnx', join(signs, 'model.onnx'), '--manifest', manifest, '--golden', join(signs, 'golden.json')];
  const { stdout, stderr } = await kilat(['models', 'register', model, '--as', 'admin', ...files]);
  if (!stdout) throw new Error(stderr);
  return stdout.trim();
}

describe('kilat models', () => {
  it('registers, promotes, tells who serves, rolls back, and keeps it all in the audit', async () => {
    await registered();
    const version = await registered();

    const promoted = await kilat(['models', 'promote', model, version, '--as', 'admin', '--reason', 'a test']);
    const versions = await kilat(['models', 'versions', model]);
    const rolledBack = await kilat(['models', 'rollback', model, '--as', 'admin', '--json']);
    const audit = await kilat(['models', 'audit', model, '--as', 'admin', '--limit', '3', '--json']);

    expect(promoted).toMatchObject({ code: 0, stdout: expect.stringMatching(`^${model}: champion ${version}, `) });
    expect(versions.stdout).toMatch(new RegExp(`^${version} +champion`, 'm'));
    expect(JSON.parse(rolledBack.stdout).aliases.previous).toBe(version);
    const lines = audit.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map(({ action }) => action)).toEqual(['rollback', 'promote', 'register']);
    expect(lines[1]).toMatchObject({ version, reason: 'a test' });
  });

  it('makes a challenger of a version, and takes it out of service again', async () => {
    const version = await registered();

    const promoted = await kilat([
      ...['models', 'promote', model, version, '--as', 'admin'],
      ...['--to', 'challenger', '--percent', '20'],
    ]);
    const withdrawn = await kilat(['models', 'withdraw', model, 'challenger', '--as', 'admin', '--json']);

    expect(promoted.stdout).toContain(`challenger ${version} (20 %)`);
    expect(JSON.parse(withdrawn.stdout).aliases.challenger).toBeUndefined();
  });

  it.each([
    ['a user', 1, ['promote', 'signs', '1'], /only a member of the group 'admin'/],
    ['a version that is not there', 1, ['promote', 'signs', '999', '--as', 'admin'], /999/],
    ['more than half of the users', 2, ['promote', 'signs', '1', '--percent', '51'], /<=50/],
    ['an alias that is none', 2, ['promote', 'signs', '1', '--to', 'boss'], /champion, challenger, shadow/],
    [
      'a file that is not there',
      1,
      ['register', 'signs', '--as', 'admin', '--onnx', 'x.onnx', '--manifest', 'x.json', '--golden', 'x.json'],
      /x\.onnx cannot be read/,
    ],
  ])('refuses %s in a sentence, with the exit code %d', async (_, code, args, sentence) => {
    const outcome = await kilat(['models', ...args]);

    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(sentence);
  });
});

describe('kilat train and kilat runs', () => {
  const tooFew = join(projectRoot, 'models/churn/examples/customers.csv');
  const train = ['train', 'churn', '--as', 'admin', '--source', tooFew];
  let first: string;
  let second: string;

  it('watches a run to its end, and tells why the data were refused', async () => {
    const { code, stdout, stderr } = await kilat([...train, '--watch']);

    first = stdout.slice(0, 36);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^[0-9a-f-]{36} rejected in 0:\d\d\n$/);
    expect(stderr).toMatch(/✓ snapshot .*12 rows/);
    expect(stderr).toMatch(/✗ validate .*rejected\n +present_columns/);
  });

  it('leaves the run going at Ctrl-C, and tells how to watch it again', async () => {
    const { code, stderr } = await kilat([...train, '--watch'], { stopAt: 'started' });

    second = /started ([0-9a-f-]{36})/.exec(stderr)![1]!;
    const watched = await kilat(['runs', 'watch', second, '--json']);
    expect(code).toBe(130);
    expect(stderr).toContain(`the run goes on: kilat runs watch ${second}`);
    expect(JSON.parse(watched.stdout)).toMatchObject({ run_id: second, state: 'rejected' });
  });

  it('lists runs, the newest first', async () => {
    const { stdout } = await kilat(['runs', 'list', '--model', 'churn', '--limit', '2', '--json']);

    const ids = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line).run_id);
    expect(ids).toEqual([second, first]);
  });

  it('shows one, with the expectations that failed', async () => {
    const { stdout } = await kilat(['runs', 'show', first]);

    expect(stdout).toMatch(new RegExp(`^run +${first}`));
    expect(stdout).toMatch(/row_count +error +12 rows; at least 200 are needed/);
  });

  it('sets two side by side', async () => {
    const { code, stdout } = await kilat(['runs', 'compare', first, second]);

    expect(code).toBe(0);
    expect(stdout).toContain('the same data');
  });

  it('fetches the files of a run for an admin, and for no user', async () => {
    const output = join(folder, 'artefacts');

    const fetched = await kilat(['runs', 'artefacts', first, '--as', 'admin', '-o', output]);
    const refused = await kilat(['runs', 'artefacts', first, '-o', join(folder, 'none')]);

    expect(fetched.code).toBe(0);
    expect((await readdir(output)).sort()).toEqual(['report.html', 'validation.html']);
    expect(await readFile(join(output, 'validation.html'), 'utf8')).toContain('12 rows; at least 200 are needed');
    expect([refused.code, await readdir(join(folder, 'none'))]).toEqual([1, []]);
  });

  it.each([
    ['a source that is no table', 2, ['train', 'churn', '--source', 'photo.jpg'], /no table/],
    ['a source that is not there', 1, ['train', 'churn', '--as', 'admin', '--source', 'x.csv'], /cannot be read/],
    ['a user', 1, ['train', 'churn', '--source', tooFew], /only a member of the group 'admin'/],
    ['a run that is none', 1, ['runs', 'show', '019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53'], /there is no run/],
    ['an id that is none', 2, ['runs', 'watch', 'x'], /UUID/i],
  ])('refuses %s in a sentence, with the exit code %d', async (_, code, args, sentence) => {
    const outcome = await kilat(args);

    expect(outcome.code).toBe(code);
    expect(outcome.stderr).toMatch(sentence);
  });
});
