import type { AliasState } from '@kilat/contracts';
import { assignedVersion, initialState, NoPreviousVersionError, promoted, rolledBack, withdrawn } from '@kilat/core';
import { describe, expect, it } from 'vitest';

const shipped = initialState('signs', '1');
const aState = (aliases: Partial<AliasState['aliases']>, percent = 0): AliasState => ({
  ...shipped,
  aliases: { champion: '1', ...aliases },
  challenger_percent: percent,
  revision: 4,
});

describe('a promotion', () => {
  it('makes the champion before the previous one, and the revision one more', () => {
    const state = promoted(shipped, { alias: 'champion', version: '2' });

    expect(state).toEqual({
      model: 'signs',
      aliases: { champion: '2', previous: '1' },
      challenger_percent: 0,
      revision: 1,
    });
  });

  it('takes a challenger that becomes champion out of its former place', () => {
    const state = promoted(aState({ challenger: '2', shadow: '3' }, 20), { alias: 'champion', version: '2' });

    expect(state.aliases).toEqual({ champion: '2', shadow: '3', previous: '1' });
    expect(state.challenger_percent).toBe(0);
  });

  it('leaves the previous one where the champion is promoted again', () => {
    const state = promoted(aState({ previous: '7' }), { alias: 'champion', version: '1' });

    expect(state.aliases).toEqual({ champion: '1', previous: '7' });
  });

  it('gives a challenger a tenth of the users unless it is said otherwise', () => {
    expect(promoted(shipped, { alias: 'challenger', version: '2' }).challenger_percent).toBe(10);
    expect(promoted(shipped, { alias: 'challenger', version: '2', challengerPercent: 35 }).challenger_percent).toBe(35);
  });

  it('keeps the percent of a challenger that is replaced', () => {
    const state = promoted(aState({ challenger: '2' }, 25), { alias: 'challenger', version: '3' });

    expect(state.challenger_percent).toBe(25);
  });
});

describe('a rollback', () => {
  it('brings the previous champion back, and a second one undoes the first', () => {
    const once = rolledBack(aState({ champion: '2', previous: '1' }));
    const twice = rolledBack(once);

    expect(once.aliases).toEqual({ champion: '1', previous: '2' });
    expect(twice.aliases).toEqual({ champion: '2', previous: '1' });
  });

  it('is refused where there was one champion alone', () => {
    expect(() => rolledBack(shipped)).toThrow(NoPreviousVersionError);
  });
});

it('a withdrawal ends the experiment and touches nothing else', () => {
  const state = withdrawn(aState({ challenger: '2', previous: '9' }, 20), 'challenger');

  expect(state.aliases).toEqual({ champion: '1', previous: '9' });
  expect(state.challenger_percent).toBe(0);
});

describe('the traffic', () => {
  const users = Array.from({ length: 20_000 }, (_, n) => `user-${n}`);
  const challenged = (state: AliasState) => users.filter((user) => assignedVersion(state, user).alias === 'challenger');

  it('goes to the champion alone where there is no challenger', () => {
    expect(challenged(shipped)).toEqual([]);
  });

  // The standard deviation of 20,000 draws at 20 % is 0.28 percent points: five of them are 1.4.
  it('goes to the challenger by its percent', () => {
    const share = challenged(aState({ challenger: '2' }, 20)).length / users.length;

    expect(share).toBeGreaterThan(0.186);
    expect(share).toBeLessThan(0.214);
  });

  it('only adds users when the percent grows', () => {
    const before = challenged(aState({ challenger: '2' }, 10));
    const after = new Set(challenged(aState({ challenger: '2' }, 30)));

    expect(before.filter((user) => !after.has(user))).toEqual([]);
  });

  it('draws other users for the next challenger', () => {
    const first = new Set(challenged(aState({ challenger: '2' }, 10)));
    const both = challenged(aState({ challenger: '3' }, 10)).filter((user) => first.has(user));

    // 1 % of the users would be in both by chance, 10 % if the draws were the same
    expect(both.length / users.length).toBeLessThan(0.02);
  });
});
