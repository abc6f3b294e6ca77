import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { refresh } from '../../cli/connection/cognito.ts';
import { newUser } from '../support/api.ts';
import { type KilatOptions, runKilat } from '../support/local-cloud.ts';
import { projectRoot } from '../support/shared-data.ts';

const { local, dataDir } = inject('cloud');
const examples = join(projectRoot, 'models/signs/examples');
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

let folder: string;
let broken: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilat-cli-'));
  broken = join(folder, 'broken.jpg');
  await writeFile(broken, 'this is not a photo');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What the commands remember goes to a folder of the suite's own. */
const env = () => ({
  KILAT_DATA: dataDir,
  XDG_CONFIG_HOME: join(folder, 'config'),
  XDG_STATE_HOME: join(folder, 'state'),
});

const kilat = (args: readonly string[], options: KilatOptions = {}) =>
  runKilat(args, { ...options, env: { ...env(), ...options.env } });

// biome-ignore lint/suspicious/noExplicitAny: what each case expects of a line is what it asserts
const linesOf = (stdout: string): any[] =>
  stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** The suite's local cloud, as a deployed stage is named. */
const place = [
  '--api',
  local.api_url,
  '--client-id',
  local.user_pool_client_id,
  '--endpoint',
  local.endpoints.cognito!,
];

describe('kilat predict', () => {
  it('shows a table of the photos of a folder', async () => {
    const { code, stdout, stderr } = await kilat(['predict', examples, '--model', 'signs']);

    const [header, ...rows] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect([code, stderr]).toEqual([0, '']);
    expect(header).toEqual(['FILE', 'LABEL', 'CONFIDENCE', 'MS']);
    expect(rows.map(([file, label]) => [file, label])).toEqual(
      (await readdir(examples)).sort().map((name) => [join(examples, name), `${digits.indexOf(name.split('.')[0]!)}`]),
    );
  });

  it('prints a line of JSON for each file, a refused one among them', async () => {
    const none = join(folder, 'none.jpg');

    const { code, stdout } = await kilat(['predict', '--json', '--top-k', '2', broken, none, join(examples, 'two.*')]);

    expect(code).toBe(1);
    expect(linesOf(stdout)).toEqual([
      {
        file: broken,
        problem: expect.objectContaining({
          code: 'unsupported-image-format',
          status: 415,
          request_id: expect.any(String),
        }),
      },
      { file: none, problem: { code: 'unreadable-file', title: 'no such file' } },
      expect.objectContaining({
        file: join(examples, 'two.webp'),
        predictions: [{ label: '2', confidence: expect.any(Number) }, expect.anything()],
      }),
    ]);
  });

  it('names a file that is refused on stderr, and answers the rest', async () => {
    const { code, stdout, stderr } = await kilat(['predict', broken, join(examples, 'one.jpg')]);

    expect(code).toBe(1);
    expect(stdout).toContain('one.jpg');
    expect(stderr).toMatch(
      /^kilat: .*broken\.jpg: Unsupported image format: the content is not .* \(unsupported-image-format, [^)]+\)\n$/,
    );
  });

  it('reads stdin', async () => {
    const { code, stdout } = await kilat(['predict', '-', '--json'], {
      input: await readFile(join(examples, 'six.jpg')),
    });

    expect([code, linesOf(stdout)[0].predictions[0].label]).toEqual([0, '6']);
  });

  it.each([
    ['no file', ['predict']],
    ['an unknown option', ['predict', 'a.jpg', '--frobnicate']],
    ['a model that cannot be', ['predict', 'a.jpg', '--model', 'Not A Model']],
    ['more labels than there may be', ['predict', 'a.jpg', '--top-k', '1001']],
    ['an unknown role', ['predict', join(examples, 'one.jpg'), '--as', 'nobody']],
    ['an unknown command', ['frobnicate']],
  ])('exits with 2 on %s', async (_, args) => {
    const { code, stdout } = await kilat(args);

    expect([code, stdout]).toEqual([2, '']);
  });

  it('says in one sentence that the local cloud was never started', async () => {
    const { code, stderr } = await kilat(['predict', join(examples, 'one.jpg')], { env: { KILAT_DATA: folder } });

    expect([code, stderr]).toEqual([
      1,
      `kilat: the local cloud was not started yet in ${folder}; start it with npm start\n`,
    ]);
  });

  it('says in one sentence that the local cloud does not run', async () => {
    const stopped = join(folder, 'stopped');
    await mkdir(stopped);
    const endpoints = { ...local.endpoints, cognito: 'http://127.0.0.1:1' };
    await writeFile(join(stopped, 'local.json'), JSON.stringify({ ...local, endpoints, users: { user: 'u' } }));
    await writeFile(join(stopped, 'credentials.json'), JSON.stringify({ user: { password: 'p' } }));

    const { code, stderr } = await kilat(['history'], { env: { KILAT_DATA: stopped } });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^kilat: the local cloud does not run \(http:.* was the last\); start it with npm start.*\n$/,
    );
  });
});

describe('kilat history', () => {
  /** A user of its own: other tests predict as the demo users at the same time. */
  const stage = ['--stage', 'history'];
  beforeAll(async () => {
    const { username, password } = await newUser('history');
    const env = { KILAT_USERNAME: username, KILAT_PASSWORD: password };
    await kilat(['login', ...stage, ...place], { env });
    for (const name of ['one.jpg', 'two.webp', 'one.jpg']) await kilat(['predict', join(examples, name), ...stage]);
  });

  it('shows a table, the newest first', async () => {
    const { code, stdout } = await kilat(['history', ...stage, '--limit', '2']);

    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^TIME +LABEL +CONFIDENCE +MODEL +VERSION +SOURCE +PREDICTION\n\S+Z +1 +0\.\d{3} +signs +1 +api +\S+\n/,
    );
  });

  it('filters, and prints lines of JSON', async () => {
    const { stdout } = await kilat([
      'history',
      ...stage,
      '--label',
      '2',
      '--model',
      'signs',
      '--source',
      'api',
      '--json',
    ]);

    expect(linesOf(stdout).map(({ label }) => label)).toEqual(['2']);
  });

  it('says that there is more, and shows it with --all', async () => {
    const first = await kilat(['history', ...stage, '--limit', '1', '--json']);
    const all = await kilat(['history', ...stage, '--limit', '1', '--all', '--json']);

    expect([first.stderr, linesOf(first.stdout).length]).toEqual(['there is more: --all shows it\n', 1]);
    expect([all.stderr, linesOf(all.stdout).length]).toEqual(['', 3]);
  });

  it('refuses a time that is none', async () => {
    const { code, stderr } = await kilat(['history', '--from', 'yesterday']);

    expect(code).toBe(2);
    expect(stderr).toContain('expected an ISO 8601 date and time');
  });
});

describe('kilat login', () => {
  const stage = ['--stage', 'suite'];
  const credentials = async (): Promise<NodeJS.ProcessEnv> => {
    const { user } = JSON.parse(await readFile(join(dataDir, 'credentials.json'), 'utf8'));
    return { KILAT_USERNAME: user.username, KILAT_PASSWORD: user.password };
  };
  const file = () => join(folder, 'config/kilat/credentials.json');
  const client = { cognitoUrl: local.endpoints.cognito!, clientId: local.user_pool_client_id };

  it('opens a deployed stage for later commands, and prints no secret', async () => {
    const login = await kilat(['login', ...stage, ...place], { env: await credentials() });
    const predicted = await kilat(['predict', join(examples, 'four.jpg'), '--json', ...stage]);
    const history = await kilat(['history', '--json', '--limit', '1'], {
      env: { KILAT_STAGE: 'suite', KILAT_DATA: folder },
    });

    const kept = JSON.parse(await readFile(file(), 'utf8')).stages.suite;
    expect([login.code, predicted.code, history.code]).toEqual([0, 0, 0]);
    expect(linesOf(predicted.stdout)[0].predictions[0].label).toBe('4');
    expect(login.stdout + login.stderr).not.toContain(kept.access_token.slice(0, 20));
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it('renews an access token that has ended', async () => {
    const kept = JSON.parse(await readFile(file(), 'utf8'));
    kept.stages.suite = { ...kept.stages.suite, access_token: 'ended', expires_at_ms: 0 };
    await writeFile(file(), JSON.stringify(kept));

    const { code } = await kilat(['history', ...stage]);

    expect(code).toBe(0);
    expect(JSON.parse(await readFile(file(), 'utf8')).stages.suite.expires_at_ms).toBeGreaterThan(Date.now());
  });

  it('refuses a wrong password with what Cognito says', async () => {
    const wrong = { ...(await credentials()), KILAT_PASSWORD: 'wrong' };

    const { code, stderr } = await kilat(['login', ...stage], { env: wrong });

    expect([code, stderr]).toEqual([1, 'kilat: Incorrect username or password.\n']);
  });

  it('asks for what a machine must say where there is no terminal', async () => {
    const { code, stderr } = await kilat(['login', ...stage]);

    expect([code, stderr]).toEqual([
      1,
      'kilat: there is no terminal to ask at; set KILAT_USERNAME and KILAT_PASSWORD\n',
    ]);
  });

  it.each([
    ['no stage', ['login']],
    ['the local cloud', ['login', '--stage', 'local']],
    ['a role of the local cloud for a deployed stage', ['history', ...stage, '--as', 'admin']],
  ])('exits with 2 on %s', async (_, args) => {
    expect((await kilat(args)).code).toBe(2);
  });

  it('ends with logout, for Cognito too', async () => {
    const refreshToken = JSON.parse(await readFile(file(), 'utf8')).stages.suite.refresh_token;

    const logout = await kilat(['logout', ...stage]);
    const history = await kilat(['history', ...stage]);

    expect([logout.code, logout.stderr]).toEqual([0, 'signed out of suite\n']);
    expect(await readFile(file(), 'utf8')).not.toContain(refreshToken);
    expect([history.code, history.stderr]).toEqual([
      1,
      "kilat: nobody is signed in to 'suite'; sign in with kilat login --stage suite\n",
    ]);
    await expect(refresh(client, refreshToken)).rejects.toMatchObject({ type: 'NotAuthorizedException' });
  });

  it('takes a new password in place of one that is for once only', async () => {
    const { username, password } = await newUser('demo', 'user', false);
    const first = { KILAT_USERNAME: username, KILAT_PASSWORD: password, KILAT_NEW_PASSWORD: `${password}-2` };
    const later = { KILAT_USERNAME: username, KILAT_PASSWORD: `${password}-2` };

    const logins = [
      await kilat(['login', ...stage, ...place], { env: first }),
      await kilat(['login', ...stage], { env: later }),
    ];

    expect(logins.map(({ code }) => code)).toEqual([0, 0]);
  });
});

describe('kilat jobs', () => {
  /** Enough to be still at work when the next command comes. */
  beforeAll(async () => {
    await mkdir(join(folder, 'many'));
    const photo = await readFile(join(examples, 'nine.jpg'));
    await Promise.all(
      Array.from({ length: 400 }, (_, index) => writeFile(join(folder, 'many', `${index}.jpg`), photo)),
    );
  });

  it('uploads a folder, and answers each photo under the name that it has here', async () => {
    const submitted = await kilat(['jobs', 'submit', examples, '--model', 'signs', '--top-k', '1']);
    const id = submitted.stdout.trim();
    const watched = await kilat(['jobs', 'watch', id]);
    const result = await kilat(['jobs', 'result', id]);

    const names = (await readdir(examples)).sort();
    expect([submitted.code, watched.code, result.code]).toEqual([0, 0, 0]);
    expect(watched.stdout).toMatch(
      new RegExp(`^${id} succeeded in \\d+:\\d\\d: ${names.length} of ${names.length} answered, 0 failed\n$`),
    );
    expect(linesOf(result.stdout).map(({ file, predictions: [best] }) => [file, best.label])).toEqual(
      names.map((name) => [join(examples, name), `${digits.indexOf(name.split('.')[0]!)}`]),
    );
  });

  it('waits for a job that fails in part, exits with 1 and writes its result to a file', async () => {
    const output = join(folder, 'result.ndjson');

    const waited = await kilat(['jobs', 'submit', broken, join(examples, 'one.jpg'), '--wait', '--json']);
    const [job] = linesOf(waited.stdout);
    const result = await kilat(['jobs', 'result', job.job_id, '-o', output]);

    expect([waited.code, job.state, job.counts.failed]).toEqual([1, 'partially_failed', 1]);
    expect([result.code, result.stdout]).toEqual([0, '']);
    expect(linesOf(await readFile(output, 'utf8'))).toMatchObject([
      { file: broken, problem: { code: 'unsupported-image-format' } },
      { file: join(examples, 'one.jpg'), predictions: [{ label: '1' }, {}, {}, {}, {}] },
    ]);
  });

  it('submits a manifest of this machine', async () => {
    const manifest = join(folder, 'urls.ndjson');
    await writeFile(manifest, '{"image_url":"http://127.0.0.1/three.jpg"}\n');

    const { code, stdout } = await kilat(['jobs', 'submit', manifest, '--wait', '--json']);

    expect([code, linesOf(stdout)[0]]).toMatchObject([
      1,
      { input: 'manifest', state: 'failed', counts: { failed: 1 } },
    ]);
  });

  it('refuses a prefix of another tenant, with the API’s reason', async () => {
    const { code, stderr } = await kilat(['jobs', 'submit', 's3:uploads/another/']);

    expect(code).toBe(1);
    expect(stderr).toMatch(/^kilat: Forbidden: .* \(forbidden, [^)]+\)\n$/);
  });

  it('uploads nothing when one of the files is not there', async () => {
    const { code, stderr } = await kilat(['jobs', 'submit', join(examples, 'one.jpg'), join(folder, 'none.jpg')]);

    expect([code, stderr]).toEqual([1, `kilat: ${join(folder, 'none.jpg')}: no such file\n`]);
  });

  it('lists and cancels; what has ended is not cancelled again', async () => {
    const { stdout } = await kilat(['jobs', 'submit', join(folder, 'many')]);
    const id = stdout.trim();

    const cancelled = await kilat(['jobs', 'cancel', id]);
    const again = await kilat(['jobs', 'cancel', id]);
    const watched = await kilat(['jobs', 'watch', id]);
    const list = await kilat(['jobs', 'list', '--json']);

    expect([cancelled.code, cancelled.stdout]).toEqual([0, `${id} cancelled\n`]);
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('(job-has-ended, ')]);
    expect(watched.code).toBe(1);
    expect(linesOf(list.stdout).find(({ job_id }) => job_id === id)).toMatchObject({ state: 'cancelled' });
  });

  it('leaves the job running when watching is stopped', async () => {
    const { code, stderr } = await kilat(['jobs', 'submit', '--wait', join(folder, 'many')], { stopAt: 'submitted' });
    const id = /kilat jobs watch (\S+)/.exec(stderr)![1]!;

    expect(code).toBe(130);
    expect(stderr).toContain('stopped watching; the job runs on');
    expect((await kilat(['jobs', 'watch', id])).code).toBe(0);
  });

  it('exits with 2 on what is no id', async () => {
    expect((await kilat(['jobs', 'watch', 'nope'])).code).toBe(2);
  });
});

describe('kilat drop', () => {
  it('puts photos into the inbox and shows what comes of them', async () => {
    const { code, stdout } = await kilat(['drop', join(examples, 'three.jpg'), '--model', 'signs', '--json']);

    expect(code).toBe(0);
    expect(linesOf(stdout)).toMatchObject([{ result: { label: '3', source: 's3', model: 'signs' } }]);
  });

  it('names what is no photo as rejected', async () => {
    const { code, stdout } = await kilat(['drop', broken, '--model', 'signs']);

    expect([code, stdout]).toEqual([1, expect.stringContaining('unsupported-image-format')]);
  });

  it('says that a file is not there', async () => {
    const { code, stderr } = await kilat(['drop', join(folder, 'nothing.jpg'), '--model', 'signs']);

    expect([code, stderr]).toEqual([1, expect.stringMatching(/nothing\.jpg cannot be read/)]);
  });
});
