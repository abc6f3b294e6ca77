import { runStore } from '@kilat/adapters/run-store';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { aRun } from '../support/run.ts';

type Claims = typeof demoClaims;

const user = (): Claims => ({ ...demoClaims, tenant_id: crypto.randomUUID() });
const adminOf = (claims: Claims) => ({ ...claims, 'cognito:groups': '[admin]' });

interface Asked {
  readonly claims: Record<string, string>;
  readonly params?: Record<string, string>;
  readonly query?: Record<string, string>;
}

async function ask(routeKey: string, asked: Asked) {
  const { handler } = await import('../../functions/runs/handler.ts');
  const answer = await handler(anHttpEvent({ routeKey, ...asked }));
  return { status: answer.statusCode, body: JSON.parse(answer.body!) };
}

/** A user whose tenant has this many runs; every second one is of another model. */
async function userWith(count: number): Promise<Claims> {
  const claims = user();
  const store = runStore(process.env.RUNS_TABLE!, Date.now);
  for (let number = 1; number <= count; number++) {
    const run = aRun(number, { model: number % 2 === 0 ? 'churn' : 'signs', artefacts: ['roc.svg'] });
    await store.create(claims.tenant_id, run, 0);
  }
  return claims;
}

const LIST = 'GET /v1/runs';
const SHOW = 'GET /v1/runs/{run_id}';
const ARTEFACT = 'GET /v1/runs/{run_id}/artefacts/{name}';
const run_id = aRun(1).run_id;

describe('the runs function', () => {
  beforeAll(() => useEnvironmentOf('runs'));

  it("lists a tenant's runs, the newest first", async () => {
    const { status, body } = await ask(LIST, { claims: await userWith(3) });

    expect(status).toBe(200);
    expect(body.items.map((run: { run_id: string }) => run.run_id)).toEqual([3, 2, 1].map((n) => aRun(n).run_id));
  });

  it('lists those of a model, page by page', async () => {
    const claims = await userWith(5);

    const first = await ask(LIST, { claims, query: { model: 'signs', limit: '2' } });
    const next_cursor = first.body.next_cursor;
    const second = await ask(LIST, { claims, query: { model: 'signs', limit: '2', next_cursor } });

    const ids = [first, second].map(({ body }) => body.items.map((run: { run_id: string }) => run.run_id));
    expect(ids).toEqual([[aRun(5).run_id, aRun(3).run_id], [aRun(1).run_id]]);
    expect(second.body.next_cursor).toBeUndefined();
  });

  it('shows one', async () => {
    const { body } = await ask(SHOW, { claims: await userWith(1), params: { run_id } });

    expect(body).toMatchObject({ run_id, model: 'signs', state: 'queued' });
  });

  it('shows nobody the runs of another tenant', async () => {
    await userWith(1);
    const claims = adminOf(user());

    const shown = await ask(SHOW, { claims, params: { run_id } });
    const linked = await ask(ARTEFACT, { claims, params: { run_id, name: 'roc.svg' } });
    const listed = await ask(LIST, { claims });

    expect([shown.status, shown.body.code]).toEqual([404, 'run-not-found']);
    expect([linked.status, linked.body.code]).toEqual([404, 'run-not-found']);
    expect(listed.body).toEqual({ items: [] });
  });

  it('gives an admin a link to a file of a run, of that file alone', async () => {
    const claims = adminOf(await userWith(1));

    const { status, body } = await ask(ARTEFACT, { claims, params: { run_id, name: 'roc.svg' } });

    const url = new URL(body.url);
    expect(status).toBe(200);
    expect(url.pathname).toMatch(new RegExp(`/runs/${claims.tenant_id}/signs/${run_id}/roc\\.svg$`));
    expect(url.searchParams.get('X-Amz-Expires')).toBe('900');
  });

  it.each([
    ['a file that the run has not', 'model.onnx', 404, 'artefact-not-found'],
    ['a name that leads elsewhere', '../x', 400, 'invalid-request'],
  ])('refuses %s', async (_, name, status, code) => {
    const answer = await ask(ARTEFACT, { claims: adminOf(await userWith(1)), params: { run_id, name } });

    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('gives no user a file', async () => {
    const answer = await ask(ARTEFACT, { claims: await userWith(1), params: { run_id, name: 'roc.svg' } });

    expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
  });
});
