import { registryStore } from '@kilat/adapters/registry-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { anAudit, aVersion } from '../support/registry.ts';

const user = () => ({ ...demoClaims, tenant_id: crypto.randomUUID() });
const admin = () => ({ ...user(), 'cognito:groups': '[admin]' });

interface Asked {
  readonly claims: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
  readonly ifMatch?: string;
  readonly body?: unknown;
}

async function ask(routeKey: string, { claims, ifMatch, body, ...parts }: Asked) {
  const { handler } = await import('../../functions/models/handler.ts');
  const headers = {
    ...(ifMatch && { 'if-match': ifMatch }),
    ...(body !== undefined && { 'content-type': 'application/json' }),
  };
  const event = anHttpEvent({
    routeKey,
    claims,
    headers,
    params: { model: 'signs' },
    ...parts,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const answer = await handler(event);
  return { status: answer.statusCode, headers: answer.headers!, body: JSON.parse(answer.body!) };
}

/** An admin whose tenant has a second version of signs. */
async function adminWithTwo(): Promise<Record<string, string>> {
  const claims = admin();
  const store = registryStore(process.env.REGISTRY_TABLE!);
  await store.addVersion(aVersion('2', { tenant_id: claims.tenant_id }), anAudit(1, { action: 'register' }));
  return claims;
}

const PROMOTE = 'POST /v1/models/{model}/promote';
const ROLL_BACK = 'POST /v1/models/{model}/rollback';
const ALIASES = 'GET /v1/models/{model}/aliases';

describe('the models function', () => {
  beforeAll(() => useEnvironmentOf('models'));

  it('shows aliases that nobody has moved, with an ETag to move them by', async () => {
    const { status, headers, body } = await ask(ALIASES, { claims: user() });

    expect(status).toBe(200);
    expect(headers.etag).toBe('"0"');
    expect(body).toEqual({ model: 'signs', aliases: { champion: '1' }, challenger_percent: 0, revision: 0 });
  });

  it('promotes, shows the new champion, and rolls back', async () => {
    const claims = await adminWithTwo();

    const promoted = await ask(PROMOTE, { claims, ifMatch: '"0"', body: { version: '2' } });
    const current = await ask('GET /v1/models/current', { claims, query: { model: 'signs' } });
    const rolledBack = await ask(ROLL_BACK, { claims, ifMatch: promoted.headers.etag as string, body: {} });

    expect(promoted.body.aliases).toEqual({ champion: '2', previous: '1' });
    expect(current.body).toMatchObject({ model_version: '2', aliases: ['champion'] });
    expect(rolledBack.body.aliases).toEqual({ champion: '1', previous: '2' });
    expect(rolledBack.headers.etag).toBe('"2"');
  });

  it('lets one of two promotions at once win, and answers the other 412', async () => {
    const claims = await adminWithTwo();

    const answers = await Promise.all(
      [1, 2].map(() => ask(PROMOTE, { claims, ifMatch: '"0"', body: { version: '2' } })),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(answers.find(({ status }) => status === 412)!.body.code).toBe('precondition-failed');
  });

  it.each([
    ['without an ETag', undefined, { version: '2' }, 428, 'precondition-required'],
    ['by an ETag that is no longer right', '"9"', { version: '2' }, 412, 'precondition-failed'],
    ['of a version that is not there', '"0"', { version: '3' }, 404, 'model-version-not-found'],
    ['to no alias of ours', '"0"', { version: '2', alias: 'previous' }, 400, 'invalid-request'],
    [
      'of a challenger that answers more than half',
      '"0"',
      { version: '2', challenger_percent: 51 },
      400,
      'invalid-request',
    ],
  ])('refuses a promotion %s', async (_, ifMatch, body, status, code) => {
    const answer = await ask(PROMOTE, { claims: await adminWithTwo(), ...(ifMatch && { ifMatch }), body });

    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses a rollback where there is nothing before', async () => {
    const answer = await ask(ROLL_BACK, { claims: admin(), ifMatch: '"0"', body: {} });

    expect([answer.status, answer.body.code]).toEqual([409, 'no-previous-version']);
  });

  it('lets no user move an alias or read the audit', async () => {
    const claims = user();

    const answers = await Promise.all([
      ask(PROMOTE, { claims, ifMatch: '"0"', body: { version: '1' } }),
      ask(ROLL_BACK, { claims, ifMatch: '"0"', body: {} }),
      ask('DELETE /v1/models/{model}/aliases/{alias}', {
        claims,
        ifMatch: '"0"',
        params: { model: 'signs', alias: 'shadow' },
      }),
      ask('GET /v1/models/{model}/audit', { claims }),
    ]);

    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403]);
  });

  it('shows nobody the versions of another tenant', async () => {
    await adminWithTwo();
    const params = { model: 'signs', version: '2' };

    const answer = await ask('GET /v1/models/{model}/versions/{version}', { claims: admin(), params });

    expect([answer.status, answer.body.code]).toEqual([404, 'model-version-not-found']);
  });

  it('shows the model card of what came with the deployment', async () => {
    const params = { model: 'signs', version: '1' };

    const { body } = await ask('GET /v1/models/{model}/versions/{version}', { claims: user(), params });

    expect(body.card).toMatch(/^# signs/);
    expect(body.lineage).toEqual({ origin: 'image' });
  });

  it('lists the versions of a tenant, the newest first, with what they are called', async () => {
    const claims = await adminWithTwo();
    await ask(PROMOTE, { claims, ifMatch: '"0"', body: { version: '2', alias: 'challenger' } });

    const { body } = await ask('GET /v1/models/versions', { claims, query: { model: 'signs' } });

    const seen = body.versions.map((version: Record<string, unknown>) => [version.model_version, version.aliases]);
    expect(seen).toEqual([
      ['2', ['challenger']],
      ['1', ['champion']],
    ]);
  });

  it('tells the audit of every move, and why', async () => {
    const claims = await adminWithTwo();
    await ask(PROMOTE, { claims, ifMatch: '"0"', body: { version: '2', reason: 'fewer mistakes at night' } });

    const { body } = await ask('GET /v1/models/{model}/audit', { claims, query: { limit: '1' } });

    expect(body.items).toHaveLength(1);
    expect(body.items[0]).toMatchObject({ action: 'promote', by: claims.sub, reason: 'fewer mistakes at night' });
    expect(body.next_cursor).toEqual(expect.any(String));
  });
});
