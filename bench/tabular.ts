import { join } from 'node:path';
import { readManifest } from '@kilat/adapters/model-folder';
import { openModelFolder } from '@kilat/adapters/model-store';
import { answerInstances, assertTabularClassifier, checkInstances } from '@kilat/core';
import { generateCustomers } from '../models/churn/generate.ts';
import { type Summary, summarise, timed } from './statistics.ts';
import { root } from './subject.ts';

/** Rows of `churn` as a request brings them: held against the table, predicted, and explained where that is asked for. */
const folder = join(root, 'models/churn');
const model = await openModelFolder(folder, await readManifest(folder));
assertTabularClassifier(model);
const { table } = model.manifest;

const ROUNDS = 100;
const WARM_UP = 10;

async function measured(count: number, explain: boolean): Promise<Summary> {
  const rows = generateCustomers(count, 5).map(({ row: { Churn: _, ...row } }) => row);
  const times: number[] = [];
  for (let round = -WARM_UP; round < ROUNDS; round++) {
    const ms = await timed(async () => {
      checkInstances(table, rows);
      await answerInstances(model as Parameters<typeof answerInstances>[0], rows, { explain });
    });
    if (round >= 0) times.push(ms);
  }
  return summarise(times);
}

console.log(
  `${'milliseconds'.padEnd(28)}${['p50', 'p95', 'a row', 'rows/s'].map((title) => title.padStart(10)).join('')}`,
);
for (const count of [1, 1000]) {
  for (const explain of [false, true]) {
    const { p50, p95 } = await measured(count, explain);
    const cells = [p50.toFixed(3), p95.toFixed(3), (p50 / count).toFixed(4), ((1000 * count) / p50).toFixed(0)];
    const name = `${count} ${count === 1 ? 'row' : 'rows'}${explain ? ', explained' : ''}`;
    console.log(name.padEnd(28) + cells.map((cell) => cell.padStart(10)).join(''));
  }
}
