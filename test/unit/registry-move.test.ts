import type { AliasState } from '@kilat/contracts';
import {
  ModelNotFoundError,
  ModelVersionNotFoundError,
  type MovePorts,
  PreconditionFailedError,
  PreconditionRequiredError,
  promote,
  registryOf,
  rollBack,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { memoryRegistryStore } from '../support/memory-registry-store.ts';
import { anAudit, aVersion, signs } from '../support/registry.ts';

const ref = { tenantId: 'acme', model: 'signs' };
const NOW = Date.parse('2026-11-20T09:00:00Z');

/** The shipped version 1, and a registered version 2. */
async function setUp(): Promise<MovePorts> {
  const store = memoryRegistryStore();
  await store.addVersion(aVersion('2'), anAudit(1, { action: 'register' }));
  let id = 10;
  return { registry: registryOf(store, [signs]), now: () => NOW, newId: () => anAudit(id++).audit_id };
}

const promotion = { version: '2', alias: 'champion' } as const;
const ada = (ifMatch?: string) => ({ by: 'ada', ifMatch, reason: 'better on Mondays' });

describe('a promotion', () => {
  it('moves the alias and tells the audit who did what, when and why', async () => {
    const ports = await setUp();

    const state = await promote(ports, ref, promotion, ada('"0"'));

    expect(state.aliases).toEqual({ champion: '2', previous: '1' });
    expect((await ports.registry.store.audit(ref, 1)).records[0]).toEqual({
      audit_id: anAudit(10).audit_id,
      model: 'signs',
      action: 'promote',
      version: '2',
      before: { champion: '1' },
      after: { champion: '2', previous: '1' },
      revision: 1,
      reason: 'better on Mondays',
      by: 'ada',
      at: '2026-11-20T09:00:00.000Z',
    });
  });

  it('is for the tenant alone that asked', async () => {
    const ports = await setUp();
    await promote(ports, ref, promotion, ada('"0"'));

    const other: AliasState = await ports.registry.state({ ...ref, tenantId: 'other' });

    expect(other.aliases).toEqual({ champion: '1' });
  });

  it('is refused without an ETag, and with one that is no longer right', async () => {
    const ports = await setUp();

    await expect(promote(ports, ref, promotion, ada())).rejects.toBeInstanceOf(PreconditionRequiredError);
    await expect(promote(ports, ref, promotion, ada('"7"'))).rejects.toBeInstanceOf(PreconditionFailedError);
  });

  it('lets one of two at once win', async () => {
    const ports = await setUp();

    const outcomes = await Promise.allSettled([1, 2].map(() => promote(ports, ref, promotion, ada('"0"'))));

    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: expect.any(PreconditionFailedError),
    });
  });

  it('is refused for a version that the tenant does not have', async () => {
    const ports = await setUp();
    const other = { ...ref, tenantId: 'other' };

    await expect(promote(ports, other, promotion, ada('"0"'))).rejects.toBeInstanceOf(ModelVersionNotFoundError);
  });

  it('is refused for a model that nobody has', async () => {
    const ports = await setUp();
    const unknown = { ...ref, model: 'nobody' };

    await expect(promote(ports, unknown, promotion, ada('"0"'))).rejects.toBeInstanceOf(ModelVersionNotFoundError);
    await expect(ports.registry.state(unknown)).rejects.toBeInstanceOf(ModelNotFoundError);
  });
});

it('a rollback names the champion that it brings back', async () => {
  const ports = await setUp();
  await promote(ports, ref, promotion, ada('"0"'));

  const state = await rollBack(ports, ref, ada('"1"'));

  expect(state.aliases).toEqual({ champion: '1', previous: '2' });
  expect((await ports.registry.store.audit(ref, 1)).records[0]).toMatchObject({ action: 'rollback', version: '1' });
});
