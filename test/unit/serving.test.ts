import { type AliasState, limits } from '@kilat/contracts';
import { initialState, LoadedVersions, promoted, Serving } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const request = { tenantId: 'acme', model: 'signs', userId: 'ada' };
const NOW = Date.parse('2026-11-20T09:00:00Z');
const MB = 1_000_000;

/** Versions that load when the test says so; a version named in `broken` does not. */
function setUp({ capacity = 100 * MB } = {}) {
  const world = {
    now: NOW,
    state: { ...initialState('signs', '1'), updated_at: new Date(NOW).toISOString() } as AliasState,
    broken: new Set<string>(),
    slow: new Map<string, Promise<void>>(),
    loads: [] as string[],
    failed: [] as string[],
  };
  const now = () => world.now;
  const versions = new LoadedVersions<string>({
    async load({ version }) {
      world.loads.push(version);
      await world.slow.get(version);
      if (world.broken.has(version)) throw new Error(`version ${version} is broken`);
      return { model: `weights ${version}`, bytes: 40 * MB };
    },
    capacity,
    now,
    onLoadFailed: ({ version }) => world.failed.push(version),
  });
  const serving = new Serving({ watch: { state: async () => world.state }, versions, now });
  const promote = (version: string, alias: 'champion' | 'challenger' | 'shadow' = 'champion') => {
    world.state = { ...promoted(world.state, { alias, version }), updated_at: new Date(world.now).toISOString() };
  };
  return { world, promote, find: () => serving.find(request) };
}

/** Something that comes when the test lets it. */
function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a version that becomes champion', () => {
  it('is loaded beside the one that serves, and then takes its place', async () => {
    const { world, promote, find } = setUp();
    const loading = gate();
    world.slow.set('2', loading.opened);
    await find();
    promote('2');

    const while_ = await find();
    loading.open();
    await settled();
    const after = await find();

    expect(while_).toMatchObject({ model: 'weights 1', version: '1' });
    expect(after).toMatchObject({ model: 'weights 2', version: '2', alias: 'champion' });
    expect(world.loads).toEqual(['1', '2']);
  });

  it('is waited for where it has been champion for longer than a move may go unnoticed', async () => {
    const { world, promote, find } = setUp();
    await find();
    promote('2');
    world.now += limits.registry.aliasNoticeSeconds * 1000;

    expect(await find()).toMatchObject({ model: 'weights 2', version: '2' });
  });

  it('never takes the place of a good one when it cannot be loaded', async () => {
    const { world, promote, find } = setUp();
    world.broken.add('2');
    await find();
    promote('2');

    const answers = [await find(), await find()];
    world.now += 31_000;
    answers.push(await find());

    expect(answers.map(({ version, alias }) => [version, alias])).toEqual(Array(3).fill(['1', 'previous']));
    expect(world.failed).toEqual(['2']);
  });

  it('is replaced by the one before where a process begins with a broken one', async () => {
    const { world, promote, find } = setUp();
    world.broken.add('2');
    promote('2');

    expect(await find()).toMatchObject({ model: 'weights 1', version: '1', alias: 'previous' });
  });

  it('is tried again after a minute', async () => {
    const { world, promote, find } = setUp();
    world.broken.add('2');
    promote('2');
    await find();
    world.broken.clear();
    world.now += 59_000;
    const before = await find();
    world.now += 1000;

    expect([before.version, (await find()).version]).toEqual(['1', '2']);
  });
});

it('a champion that cannot be loaded, with nothing before it, is an error that names the reason', async () => {
  const { world, find } = setUp();
  world.broken.add('1');

  await expect(find()).rejects.toThrow('version 1 is broken');
});

it('a challenger that cannot be loaded leaves its users to the champion', async () => {
  const { world, promote, find } = setUp();
  world.broken.add('2');
  promote('2', 'challenger');
  world.state = { ...world.state, challenger_percent: 100 };

  expect(await find()).toMatchObject({ version: '1', alias: 'champion' });
});

it('a challenger answers its share', async () => {
  const { world, promote, find } = setUp();
  promote('2', 'challenger');
  world.state = { ...world.state, challenger_percent: 100 };

  expect(await find()).toMatchObject({ version: '2', alias: 'challenger' });
});

it('a shadow is named beside the answer, and not loaded for it', async () => {
  const { world, promote, find } = setUp();
  promote('2', 'shadow');

  expect(await find()).toMatchObject({ version: '1', shadow: '2' });
  expect(world.loads).toEqual(['1']);
});

it('what was asked for longest ago is let go when memory is short', async () => {
  const { world, promote, find } = setUp({ capacity: 100 * MB });
  await find();
  for (const version of ['2', '3']) {
    promote(version);
    world.now += 31_000;
    await find();
    await settled();
  }
  promote('1');
  world.now += 31_000;
  await find();

  expect(world.loads).toEqual(['1', '2', '3', '1']);
});
