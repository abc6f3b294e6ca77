import { decodeCursor, encodeCursor, InvalidRequestError, idRange } from '@kilat/core';
import { describe, expect, it } from 'vitest';

/** The example of RFC 9562, appendix A.6: 2022-02-22T14:22:22-05:00. */
const RFC_9562_EXAMPLE = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';

describe('ranges of prediction ids', () => {
  it('hold an id made in the first millisecond', () => {
    const { from, to } = idRange('2022-02-22T14:22:22-05:00', undefined);

    expect(from <= RFC_9562_EXAMPLE && RFC_9562_EXAMPLE <= to).toBe(true);
  });

  it('leave out an id made at their end', () => {
    const { to } = idRange(undefined, '2022-02-22T19:22:22Z');

    expect(RFC_9562_EXAMPLE > to).toBe(true);
  });

  it('hold an id made a millisecond before their end', () => {
    const { to } = idRange(undefined, '2022-02-22T19:22:22.001Z');

    expect(RFC_9562_EXAMPLE <= to).toBe(true);
  });

  it('hold every id without bounds', () => {
    expect(idRange(undefined, undefined)).toEqual({
      from: '00000000-0000-0000-0000-000000000000',
      to: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
    });
  });

  it('begin with the earliest id for a time before 1970', () => {
    expect(idRange('1969-12-31T23:59:59Z', undefined).from).toBe('00000000-0000-0000-0000-000000000000');
  });
});

describe('cursors', () => {
  it('come back as the id they were made of', () => {
    expect(decodeCursor(encodeCursor(RFC_9562_EXAMPLE))).toBe(RFC_9562_EXAMPLE);
  });

  it.each(['', '%%%', 'bm90LWFuLWlk', 'é', 'x'.repeat(512)])('refuse %j, which nobody handed out', (cursor) => {
    expect(() => decodeCursor(cursor)).toThrow(InvalidRequestError);
  });
});
