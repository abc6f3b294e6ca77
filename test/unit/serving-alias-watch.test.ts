import type { AliasState } from '@kilat/contracts';
import { AliasWatch, initialState } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const ref = { tenantId: 'acme', model: 'signs' };
const champion = (version: string): AliasState => initialState('signs', version);

/** A registry whose answers, delays and clock are the test's. */
function setUp() {
  const world = { now: 0, reads: 0, answer: async (): Promise<AliasState> => champion('1'), stale: [] as unknown[] };
  const watch = new AliasWatch({
    readState: () => {
      world.reads++;
      return world.answer();
    },
    now: () => world.now,
    onStale: (_, error) => world.stale.push(error),
  });
  const serves = async () => (await watch.state(ref)).aliases.champion;
  return { world, watch, serves };
}

describe('what serves', () => {
  it('is read once for ten seconds of requests', async () => {
    const { world, serves } = setUp();

    for (world.now = 0; world.now < 10_000; world.now += 100) await serves();

    expect(world.reads).toBe(1);
  });

  it('is read once for requests that come at once', async () => {
    const { world, serves } = setUp();

    await Promise.all(Array.from({ length: 50 }, serves));

    expect(world.reads).toBe(1);
  });

  it('is read again beside a request that does not wait for it', async () => {
    const { world, serves } = setUp();
    await serves();
    world.now = 10_000;
    world.answer = async () => champion('2');

    const beside = await serves();
    const after = await serves();

    expect([beside, after]).toEqual(['1', '2']);
  });

  it('is never older than twenty seconds', async () => {
    const { world, serves } = setUp();
    await serves();
    world.now = 20_000;
    world.answer = async () => champion('2');

    expect(await serves()).toBe('2');
  });

  it('stays as it was known while the registry does not answer, and somebody is told', async () => {
    const { world, serves } = setUp();
    await serves();
    world.now = 60_000;
    world.answer = () => Promise.reject(new Error('throttled'));

    expect(await serves()).toBe('1');
    expect(world.stale).toEqual([new Error('throttled')]);
  });

  it('is asked for again after a first read that failed', async () => {
    const { world, serves } = setUp();
    world.answer = () => Promise.reject(new Error('throttled'));
    await expect(serves()).rejects.toThrow('throttled');
    world.answer = async () => champion('1');

    expect(await serves()).toBe('1');
  });

  it('is another thing for each tenant', async () => {
    const { world, watch, serves } = setUp();
    await serves();

    await watch.state({ ...ref, tenantId: 'other' });

    expect(world.reads).toBe(2);
  });
});
