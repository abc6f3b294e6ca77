import { RunInProgressError, type RunStore } from '@kilat/core';
import { expect, it } from 'vitest';
import { aRun } from './run.ts';

/** 2026-11-20T09:30:00Z, in seconds; the store's clock stands there. */
export const NOW_SECONDS = 1_795_167_000;
const LATER = NOW_SECONDS + 3600;

/** What every run store keeps to. @param newTenant a tenant that nobody has used yet */
export function runStoreContract(newStore: () => RunStore, newTenant: () => string): void {
  const setUp = () => ({ store: newStore(), tenantId: newTenant() });

  it('keeps a run for its tenant alone', async () => {
    const { store, tenantId } = setUp();

    await store.create(tenantId, aRun(1), LATER);

    expect(await store.find({ tenantId, runId: aRun(1).run_id })).toEqual(aRun(1));
    expect(await store.find({ tenantId: newTenant(), runId: aRun(1).run_id })).toBeUndefined();
  });

  it('takes the same run twice, and keeps what became of it in the meantime', async () => {
    const { store, tenantId } = setUp();
    const ref = { tenantId, runId: aRun(1).run_id };
    await store.create(tenantId, aRun(1), LATER);
    await store.advance(ref, { state: 'running' });

    await store.create(tenantId, aRun(1), LATER);

    expect(await store.find(ref)).toEqual(aRun(1, { state: 'running' }));
  });

  it('refuses a second run of a model while one is under way, and keeps nothing of it', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), LATER);

    await expect(store.create(tenantId, aRun(2), LATER)).rejects.toBeInstanceOf(RunInProgressError);

    expect(await store.find({ tenantId, runId: aRun(2).run_id })).toBeUndefined();
  });

  it('takes runs of other models and other tenants meanwhile', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), LATER);

    await store.create(tenantId, aRun(2, { model: 'signs' }), LATER);
    await store.create(newTenant(), aRun(3), LATER);

    expect((await store.select({ tenantId, limit: 10 })).runs).toHaveLength(2);
  });

  it('takes the next run when the one before has ended', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), LATER);

    const ended = await store.end({ tenantId, runId: aRun(1).run_id }, 'churn', { state: 'failed' });
    await store.create(tenantId, aRun(2), LATER);

    expect(ended).toEqual(aRun(1, { state: 'failed' }));
    expect(await store.find({ tenantId, runId: aRun(2).run_id })).toEqual(aRun(2));
  });

  it('takes the next run when the one before is overdue', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), NOW_SECONDS - 1);

    await store.create(tenantId, aRun(2), LATER);

    expect(await store.find({ tenantId, runId: aRun(2).run_id })).toEqual(aRun(2));
  });

  it('lets no overdue run that ends after all take the lock from the next', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), NOW_SECONDS - 1);
    await store.create(tenantId, aRun(2), LATER);

    await store.end({ tenantId, runId: aRun(1).run_id }, 'churn', { state: 'failed' });

    await expect(store.create(tenantId, aRun(3), LATER)).rejects.toBeInstanceOf(RunInProgressError);
  });

  it('changes nothing of a run that has ended', async () => {
    const { store, tenantId } = setUp();
    const ref = { tenantId, runId: aRun(1).run_id };
    await store.create(tenantId, aRun(1), LATER);
    await store.end(ref, 'churn', { state: 'rejected' });

    expect(await store.advance(ref, { state: 'running' })).toBeUndefined();
    expect(await store.end(ref, 'churn', { state: 'failed' })).toBeUndefined();
    expect(await store.find(ref)).toEqual(aRun(1, { state: 'rejected' }));
  });

  it('knows nothing of a run that nobody took on', async () => {
    const { store, tenantId } = setUp();

    expect(await store.advance({ tenantId, runId: aRun(9).run_id }, { state: 'running' })).toBeUndefined();
  });

  it('lists the newest first, page by page, of all models or of one', async () => {
    const { store, tenantId } = setUp();
    await store.create(tenantId, aRun(1), LATER);
    await store.create(tenantId, aRun(2, { model: 'signs' }), LATER);
    await store.create(tenantId, aRun(3, { model: 'other' }), LATER);

    const first = await store.select({ tenantId, limit: 2 });
    const second = await store.select({ tenantId, limit: 2, before: first.last! });

    expect(first.runs.map(({ model }) => model)).toEqual(['other', 'signs']);
    expect(second).toEqual({ runs: [aRun(1)] });
    expect(await store.select({ tenantId, model: 'signs', limit: 2 })).toEqual({ runs: [aRun(2, { model: 'signs' })] });
  });
}
