import { createHash } from 'node:crypto';
import { assembleDataset, canonicalText, type DatasetParts } from '@kilat/core';
import type { Row } from '@kilat/core/learning';
import { describe, expect, it } from 'vitest';
import { customers } from '../../support/dataset.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const assemble = (source: readonly Row[], changes: Partial<DatasetParts> = {}) =>
  assembleDataset({
    columns: [
      { name: 'id', type: 'text' },
      { name: 'tenure', type: 'number' },
    ],
    source,
    feedback: [],
    keyOf: (row) => String(row.id),
    seed: 1,
    sha256,
    ...changes,
  });

const few: Row[] = [
  { id: 'b', tenure: 2 },
  { id: 'a', tenure: null },
];

describe('a dataset', () => {
  it('has its rows in the order of their keys, whatever order they came in', () => {
    expect(canonicalText(assemble(few))).toBe(canonicalText(assemble(few.toReversed())));
    expect(assemble(few).rows.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('is known by its content', () => {
    const text = canonicalText(assemble(few, { sha256: () => 'f'.repeat(64) }));

    expect(text).toBe('[["id","text"],["tenure","number"]]\n[0,"source","a",null]\n[0,"source","b",2]');
  });

  it('is another where a value, or the seed, is another', () => {
    const rows = customers(50);
    const texts = [
      canonicalText(assemble(rows)),
      canonicalText(assemble(rows.map((row) => (row.id === 'c-7' ? { ...row, tenure: 99 } : row)))),
      canonicalText(assemble(rows, { seed: 2 })),
    ];

    expect(new Set(texts).size).toBe(3);
  });

  it('holds about a fifth of the rows out', () => {
    const { heldOut } = assemble(customers(5000));

    const share = heldOut.reduce((sum, flag) => sum + flag, 0) / 5000;

    expect(share).toBeGreaterThan(0.18); // four standard errors of a share of 0.2 are 0.023
    expect(share).toBeLessThan(0.22);
  });

  it('holds the same rows out when others are added', () => {
    const before = assemble(customers(100));
    const after = assemble(customers(300));

    const sides = new Map(after.rows.map((row, index) => [row.id, after.heldOut[index]]));

    expect(before.rows.map(({ id }) => sides.get(id!))).toEqual([...before.heldOut]);
  });

  it('never parts rows of one key', () => {
    const twins = customers(200).flatMap((row) => [row, { ...row, tenure: 1 }]);

    const { rows, heldOut } = assemble(twins);

    const sides = Map.groupBy(rows.keys(), (index) => rows[index]!.id);
    expect([...sides.values()].every(([a, b]) => heldOut[a!] === heldOut[b!])).toBe(true);
  });

  it('takes corrections after the source, each on the side that it was given', () => {
    const feedback = [
      { row: { id: 'x', tenure: 5 }, heldOut: true },
      { row: { id: 'y', tenure: 6 }, heldOut: false },
    ];

    const { rows, heldOut, origins } = assemble(few, { feedback });

    expect(rows.map(({ id }) => id).slice(2)).toEqual(['x', 'y']);
    expect([...heldOut].slice(2)).toEqual([1, 0]);
    expect(origins).toEqual(['source', 'source', 'feedback', 'feedback']);
  });

  it('keeps columns that nobody knows, so that validation can name them', () => {
    expect(assemble([{ id: 'a', tenure: 1, age: 40 }]).columns.at(-1)).toEqual({ name: 'age', type: 'text' });
  });
});
