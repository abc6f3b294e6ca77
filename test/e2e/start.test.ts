import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  SignUpCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { clientConfig } from '../support/endpoint.ts';
import { eventually } from '../support/eventually.ts';
import { kilat, outcomeOf, type RunningCloud, spawnCloud, startCloud } from '../support/local-cloud.ts';
import { projectRoot } from '../support/shared-data.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilat-start-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const photo = await readFile(join(projectRoot, 'models/signs/examples/three.jpg'));

async function predict(cloud: RunningCloud): Promise<string> {
  const { stdout } = await kilat(cloud.dataDir, 'token');
  const response = await fetch(`${cloud.local.api_url}/v1/predict`, {
    method: 'POST',
    headers: { authorization: `Bearer ${stdout.trim()}`, 'content-type': 'image/jpeg' },
    body: photo,
  });
  return ((await response.json()) as { prediction_id: string }).prediction_id;
}

async function history(cloud: RunningCloud): Promise<string[]> {
  const { stdout } = await kilat(cloud.dataDir, 'token');
  const headers = { authorization: `Bearer ${stdout.trim()}` };
  const { items } = (await (await fetch(`${cloud.local.api_url}/v1/history`, { headers })).json()) as {
    items: { prediction_id: string }[];
  };
  return items.map((item) => item.prediction_id);
}

describe('npm start', () => {
  it('keeps its data over a stop by Ctrl-C, until --fresh forgets it', async () => {
    const dataDir = join(folder, 'kept');
    const first = await startCloud({ dataDir });
    const predictionId = await predict(first);
    expect(await first.stop('SIGINT')).toBe(0);

    const second = await startCloud({ dataDir });
    expect(await history(second)).toEqual([predictionId]);
    expect(await second.stop('SIGTERM')).toBe(0);

    const third = await startCloud({ dataDir, args: ['--port', '0', '--fresh'] });
    expect(await history(third)).toEqual([]);
    await third.stop();
  });

  it('writes how to be reached, and no password, where others find it', async () => {
    const { dataDir } = inject('cloud');
    const text = await readFile(join(dataDir, 'local.json'), 'utf8');

    expect(JSON.parse(text)).toMatchObject({
      api_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      user_pool_id: expect.stringMatching(/^us-east-1_/),
      user_pool_client_id: expect.any(String),
      users: { user: 'user@demo.example', admin: 'admin@demo.example', other: 'user@other.example' },
    });
    expect(text).not.toMatch(/password/i);
  });

  it('logs one line per request', async () => {
    const cloud = await startCloud({ dataDir: join(folder, 'lines') });
    await fetch(`${cloud.local.api_url}/health/live`);
    await cloud.stop();

    expect(cloud.output().match(/GET +\/health\/live 200/g)).toHaveLength(1);
  });

  it('prints the code that Cognito would send to whoever signs up', async () => {
    const cloud = await startCloud({ dataDir: join(folder, 'codes') });
    const cognito = new CognitoIdentityProviderClient(clientConfig(cloud.local.endpoints.cognito!));
    const who = { ClientId: cloud.local.user_pool_client_id, Username: 'ani@example.com' };
    await cognito.send(new SignUpCommand({ ...who, Password: 'Pass-word-2026!' }));

    const code = await eventually(async () => /to ani@example\.com: sign-up (\d{6})/.exec(cloud.output())?.[1]);

    await cognito.send(new ConfirmSignUpCommand({ ...who, ConfirmationCode: code }));
    await cloud.stop();
  });

  it('leaves no process behind', async () => {
    const cloud = await startCloud({ dataDir: join(folder, 'processes') });
    await fetch(`${cloud.local.api_url}/health/live`);
    await cloud.stop();

    expect(await processesOf(join(folder, 'processes'))).toEqual([]);
  });

  it('leaves no process behind when it is killed', async () => {
    const cloud = await startCloud({ dataDir: join(folder, 'killed') });
    await fetch(`${cloud.local.api_url}/health/live`);
    await cloud.stop('SIGKILL');

    await expect.poll(() => processesOf(join(folder, 'killed')), { timeout: 5000 }).toEqual([]);
  });

  it('names a port that is in use', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;

    const outcome = await outcomeOf(spawnCloud({ dataDir: join(folder, 'port'), args: ['--port', String(port)] }));
    server.close();

    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(String(port)) });
    expectOneSentence(outcome.stderr);
  });

  it('names a data folder that is a file', async () => {
    const dataDir = join(folder, 'file');
    await writeFile(dataDir, 'not a folder');

    const outcome = await outcomeOf(spawnCloud({ dataDir }));

    expect(outcome).toMatchObject({ code: 1, stderr: expect.stringContaining(dataDir) });
    expectOneSentence(outcome.stderr);
  });

  it('forgets no folder that is not its own', async () => {
    const dataDir = join(folder, 'photos');
    await mkdir(dataDir);
    await writeFile(join(dataDir, 'holiday.jpg'), 'precious');

    const outcome = await outcomeOf(spawnCloud({ dataDir, args: ['--port', '0', '--fresh'] }));

    expect(outcome.code).toBe(1);
    expect(await readFile(join(dataDir, 'holiday.jpg'), 'utf8')).toBe('precious');
  });

  it('runs once on one data folder', async () => {
    const outcome = await outcomeOf(spawnCloud({ dataDir: inject('cloud').dataDir }));

    expect(outcome.code).toBe(1);
    expectOneSentence(outcome.stderr);
  });

  it.each([['--port', 'many'], ['--port', '70000'], ['--nonsense']])('refuses %s %s', async (...args) => {
    const outcome = await outcomeOf(spawnCloud({ dataDir: join(folder, 'never'), args }));

    expect(outcome.code).not.toBe(0);
    expectOneSentence(outcome.stderr);
  });

  it('explains its options', async () => {
    const { code, stdout } = await outcomeOf(spawnCloud({ dataDir: join(folder, 'never'), args: ['--help'] }));

    expect(code).toBe(0);
    for (const option of ['--port', '--data', 'KILAT_DATA', '--fresh']) expect(stdout).toContain(option);
  });
});

describe('kilat token', () => {
  it('says that nothing was started', async () => {
    const outcome = await kilat(join(folder, 'never'), 'token');

    expect(outcome).toMatchObject({ code: 1, stdout: '' });
    expectOneSentence(outcome.stderr);
  });

  it('says that the local cloud does not run any more', async () => {
    const cloud = await startCloud({ dataDir: join(folder, 'stopped') });
    await cloud.stop();

    const outcome = await kilat(join(folder, 'stopped'), 'token');

    expect(outcome).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('npm start') });
  });

  it('names the roles that there are', async () => {
    const outcome = await kilat(inject('cloud').dataDir, 'token', '--as', 'king');

    expect(outcome).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('user, admin, other') });
  });
});

/** No stack trace, no more than a sentence or two. */
function expectOneSentence(stderr: string): void {
  expect(stderr).not.toMatch(/^\s+at /m);
  expect(stderr.trim().split('\n').length).toBeLessThanOrEqual(2);
}

/** Processes whose command line names a folder: execution environments of functions do. */
async function processesOf(path: string): Promise<string[]> {
  const ids = (await readdir('/proc').catch(() => [])).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(path) && !line.includes('vitest'));
}
