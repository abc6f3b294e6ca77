import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  type CaseResult,
  type Differences,
  departures,
  differencesTable,
  knownDifferences,
} from '../conformance/moto/differences.ts';
import { projectRoot } from '../support/shared-data.ts';

const listed: Differences = {
  s3: [
    { reason: 'sizes are not checked', cases: ['objects > refuses a long key', 'objects > refuses a short key'] },
    { reason: 'one writer at a time', cases: ['writers > come together'], sometimes: true },
  ],
};

const results = (states: Record<string, CaseResult['state']> = {}): CaseResult[] =>
  Object.entries({
    'objects > refuses a long key': 'failed' as const,
    'objects > refuses a short key': 'failed' as const,
    'objects > are read': 'passed' as const,
    'writers > come together': 'passed' as const,
    ...states,
  }).map(([title, state]) => ({ suite: 's3', title, state }));

it('has nothing to say where the listed cases fail, and no others', () => {
  expect(departures(results(), listed)).toEqual([]);
});

it.each([
  ['fails and is not listed', { 'objects > are read': 'failed' }, 's3: objects > are read: fails, and is not listed'],
  [
    'is listed and passes',
    { 'objects > refuses a long key': 'passed' },
    's3: objects > refuses a long key: is listed, and passed',
  ],
  [
    'is listed and did not run',
    { 'objects > refuses a long key': 'skipped' },
    's3: objects > refuses a long key: is listed, and skipped',
  ],
] as const)('tells of a case that %s', (_, states, departure) => {
  expect(departures(results(states), listed)).toEqual([departure]);
});

it('tells of listed cases that are not there', () => {
  const others = results().filter(({ title }) => !title.startsWith('writers') && !title.includes('long'));

  expect(departures(others, listed)).toEqual([
    's3: objects > refuses a long key: is listed, and is not there',
    's3: writers > come together: is listed, and is not there',
  ]);
});

it('minds not how a case ends that fails now and then', () => {
  expect(departures(results({ 'writers > come together': 'failed' }), listed)).toEqual([]);
});

it('tells the cases of one suite from those of another', () => {
  const elsewhere = results({ 'objects > are read': 'failed' }).map((result) => ({ ...result, suite: 'sqs' }));

  expect(departures(elsewhere, listed)).toContain('sqs: objects > refuses a long key: fails, and is not listed');
});

it('gives each reason a row', () => {
  expect(differencesTable(listed).split('\n').slice(2)).toEqual([
    '| s3 | 2 | sizes are not checked |',
    '| s3 | up to 1 | one writer at a time |',
  ]);
});

it('stands in local/README.md as it is listed', () => {
  const readme = readFileSync(join(projectRoot, 'local/README.md'), 'utf8');

  expect(readme).toContain(differencesTable(knownDifferences));
});
