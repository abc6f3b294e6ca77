import type { AliasState } from '@kilat/contracts';
import { type ModelRef, PreconditionFailedError, type RegistryStore } from '@kilat/core';
import { expect, it } from 'vitest';
import { anAudit, aVersion } from './registry.ts';

/** What every registry store keeps to. @param newTenant a tenant that nobody has used yet */
export function registryStoreContract(newStore: () => RegistryStore, newTenant: () => string): void {
  const at = (revision: number, champion: string): AliasState => ({
    model: 'signs',
    aliases: { champion },
    challenger_percent: 0,
    revision,
  });

  function setUp(): { store: RegistryStore; tenantId: string; ref: ModelRef } {
    const tenantId = newTenant();
    return { store: newStore(), tenantId, ref: { tenantId, model: 'signs' } };
  }

  it('knows no state before the first move', async () => {
    const { store, ref } = setUp();

    expect(await store.state(ref)).toBeUndefined();
  });

  it('keeps the state that was moved to, for its tenant alone', async () => {
    const { store, ref, tenantId } = setUp();

    await store.move(tenantId, at(1, '2'), anAudit(1));

    expect(await store.state(ref)).toEqual(at(1, '2'));
    expect(await store.state({ ...ref, tenantId: newTenant() })).toBeUndefined();
  });

  it('refuses a move from a revision that is not the last, and writes nothing of it', async () => {
    const { store, ref, tenantId } = setUp();
    await store.move(tenantId, at(1, '2'), anAudit(1));

    await expect(store.move(tenantId, at(1, '3'), anAudit(2))).rejects.toBeInstanceOf(PreconditionFailedError);
    await expect(store.move(tenantId, at(3, '3'), anAudit(3))).rejects.toBeInstanceOf(PreconditionFailedError);

    expect(await store.state(ref)).toEqual(at(1, '2'));
    expect((await store.audit(ref, 10)).records).toEqual([anAudit(1)]);
  });

  it('lets one of ten movers at once win', async () => {
    const { store, ref, tenantId } = setUp();

    const moves = Array.from({ length: 10 }, (_, n) => store.move(tenantId, at(1, String(n + 2)), anAudit(n)));
    const outcomes = await Promise.allSettled(moves);

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await store.audit(ref, 20)).records).toHaveLength(1);
  });

  it('gives every version number once, above the one named', async () => {
    const { store, ref } = setUp();

    const numbers = await Promise.all(Array.from({ length: 20 }, () => store.nextVersion(ref, 3)));

    expect(numbers.map(Number).sort((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, n) => n + 4));
  });

  it('lists the versions of a model by number, the newest first', async () => {
    const { store, tenantId } = setUp();
    for (const [n, version] of ['2', '10', '9'].entries()) {
      await store.addVersion(aVersion(version, { tenant_id: tenantId }), anAudit(n, { action: 'register', version }));
    }

    const versions = await store.versions(tenantId, 'signs');

    expect(versions.map(({ manifest }) => manifest.version)).toEqual(['10', '9', '2']);
    expect(await store.versions(tenantId, 'sign')).toEqual([]);
  });

  it('keeps a version as it was registered, and never writes over it', async () => {
    const { store, ref, tenantId } = setUp();
    const version = aVersion('2', { tenant_id: tenantId, notes: 'the first' });
    await store.addVersion(version, anAudit(1, { action: 'register' }));

    const again = store.addVersion(aVersion('2', { tenant_id: tenantId }), anAudit(2, { action: 'register' }));

    await expect(again).rejects.toThrow();
    expect(await store.version(ref, '2')).toEqual(version);
    expect(await store.version(ref, '3')).toBeUndefined();
  });

  it('pages through the audit, the newest first', async () => {
    const { store, ref, tenantId } = setUp();
    for (let n = 1; n <= 5; n++) await store.move(tenantId, at(n, String(n)), anAudit(n));

    const first = await store.audit(ref, 2);
    const second = await store.audit(ref, 2, first.last);
    const third = await store.audit(ref, 2, second.last);

    expect([first, second, third].map(({ records }) => records)).toEqual([
      [anAudit(5), anAudit(4)],
      [anAudit(3), anAudit(2)],
      [anAudit(1)],
    ]);
    expect(third.last).toBeUndefined();
  });
}
