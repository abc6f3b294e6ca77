import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { modelFolderKey } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { openLoop } from '../../bench/open-loop.ts';
import { call, example, predictBytes, tokenOfNewUser } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { bucketNamed, s3 } from '../support/jobs.ts';
import { givePlan } from '../support/plans.ts';
import { aliasesOfSigns, promote, register, rollBack, turnedSigns } from '../support/registration.ts';

const NOTICE_MS = 30_000;
const MOVES = 10;
const MOVE_EVERY_MS = 4000;
/** `npm run bench:promotion` asks for more, of a machine with the cores for it. */
const PER_SECOND = Number(process.env.KILAT_PROMOTION_RPS ?? 50);

const tenant = `p-${crypto.randomUUID().slice(0, 8)}`;
let admin: string;
let user: string;
let photo: Uint8Array<ArrayBuffer>;

/** By version, what it calls the hand that shows a three: version 1 says so, and version n is turned by n - 1. */
const calls = (version: string): string => String((3 + Number(version) - 1) % 10);

interface Answer {
  readonly sentAt: number;
  readonly answeredAt: number;
  readonly status: number;
  readonly version: string;
  readonly label: string;
}

async function predict(): Promise<Answer> {
  const sentAt = Date.now();
  const { status, body } = await predictBytes(user, photo, '?model=signs&top_k=1');
  const { model_version: version, predictions } = body;
  return { sentAt, answeredAt: Date.now(), status, version, label: predictions?.[0].label };
}

/** The time in which a version was champion. */
interface Reign {
  readonly version: string;
  readonly from: number;
  until: number;
}

/** Makes one version after another champion. @returns who reigned when, of what happened while a request was under way the whole */
async function moveTheAlias(versions: readonly string[]): Promise<Reign[]> {
  const reigns: Reign[] = [{ version: '1', from: 0, until: Number.POSITIVE_INFINITY }];
  for (const version of versions) {
    await pause(MOVE_EVERY_MS);
    const { headers } = await aliasesOfSigns(admin);
    const from = Date.now();
    const { status, body } = await promote(admin, version, headers.get('etag')!);
    if (status !== 200) throw new Error(`version ${version} was not promoted: ${JSON.stringify(body)}`);
    reigns.at(-1)!.until = Date.now();
    reigns.push({ version, from, until: Number.POSITIVE_INFINITY });
  }
  return reigns;
}

const wasChampionOf = ({ sentAt, answeredAt, version }: Answer, reigns: readonly Reign[]): boolean =>
  reigns.some((reign) => reign.version === version && reign.from <= answeredAt && reign.until >= sentAt - NOTICE_MS);

beforeAll(async () => {
  const [asAdmin, asUser] = await Promise.all([tokenOfNewUser(tenant, 'admin'), tokenOfNewUser(tenant)]);
  [admin, user] = [asAdmin.access, asUser.access];
  photo = new Uint8Array(await example('three.jpg'));
  const plenty = 1_000_000;
  await givePlan(tenant, {
    requestsPerMinutePerUser: plenty,
    requestsPerMinutePerTenant: plenty,
    predictionsPerDayPerUser: plenty,
    predictionsPerDayPerTenant: plenty,
  });
  for (let version = 2; version <= MOVES; version++) {
    const { status, body } = await register(admin, turnedSigns(version - 1));
    if (status !== 201) throw new Error(`version ${version} was not registered: ${JSON.stringify(body)}`);
  }
});

describe('while the alias moves ten times', { timeout: 180_000 }, () => {
  const order = ['2', '3', '4', '5', '6', '7', '8', '9', '10', '4'];
  let answers: Answer[];
  let reigns: Reign[];

  beforeAll(async () => {
    const stop = new AbortController();
    const load = openLoop(predict, { perSecond: PER_SECOND, signal: stop.signal });
    reigns = await moveTheAlias(order).finally(() => stop.abort());
    answers = await load;
  }, 120_000);

  it('every request is answered', () => {
    expect(answers.length).toBeGreaterThan(((MOVES * MOVE_EVERY_MS) / 1000) * PER_SECOND * 0.9);
    expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  });

  it('several versions answer', () => {
    expect(new Set(answers.map(({ version }) => version)).size).toBeGreaterThan(2);
  });

  it('no answer is mixed: its labels are those of the version that it names', () => {
    expect(answers.filter(({ version, label }) => label !== calls(version))).toEqual([]);
  });

  it('every answer is by a version that was champion within the last thirty seconds', () => {
    expect(answers.filter((answer) => !wasChampionOf(answer, reigns))).toEqual([]);
  });

  it('the last champion answers within thirty seconds', async () => {
    const answer = await eventually(async () => {
      const candidate = await predict();
      return candidate.version === '4' ? candidate : undefined;
    }, NOTICE_MS);

    expect(answer.label).toBe(calls('4'));
  });

  it('a rollback brings back the champion before, and the very bytes that it had', async () => {
    const before = await call('/v1/models/signs/versions/10', { token: user });
    const { headers } = await aliasesOfSigns(admin);

    const { body } = await rollBack(admin, headers.get('etag')!);

    expect(body.aliases).toEqual({ champion: '10', previous: '4' });
    const current = await call('/v1/models/current?model=signs', { token: user });
    expect(current.body.sha256).toBe(before.body.sha256);
    expect(await storedHash('10')).toBe(before.body.sha256);
    expect(await storedHash('4')).not.toBe(before.body.sha256);
    const answer = await eventually(async () => {
      const candidate = await predict();
      return candidate.version === '10' ? candidate : undefined;
    }, NOTICE_MS);
    expect(answer.label).toBe(calls('10'));
  });
});

/** SHA-256 of the weights that lie in the models bucket. */
async function storedHash(version: string): Promise<string> {
  const Key = `${modelFolderKey(tenant, 'signs', version)}model.onnx`;
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: await bucketNamed('models'), Key }));
  return createHash('sha256')
    .update(await Body!.transformToByteArray())
    .digest('hex');
}

describe('two promotions at once', () => {
  it('based on the same ETag: one wins, the other is told that the aliases have moved', async () => {
    const { headers } = await aliasesOfSigns(admin);
    const etag = headers.get('etag')!;

    const answers = await Promise.all(['2', '3'].map((version) => promote(admin, version, etag)));

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    const winner = answers.find(({ status }) => status === 200)!;
    expect((await aliasesOfSigns(admin)).body.aliases.champion).toBe(winner.body.aliases.champion);
  });
});
