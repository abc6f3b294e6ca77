import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { costsOf, usualWorkload } from '../../lib/costs/costs.ts';
import { priceDate, priceRegion, prices } from '../../lib/costs/prices.ts';
import { costTables } from '../../lib/costs/table.ts';
import { factsOf } from '../../lib/costs/template-facts.ts';
import { projectRoot } from '../support/shared-data.ts';
import { aStage, synthesised } from '../support/synth.ts';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');
const stage = aStage('staging');
const facts = factsOf(Object.values(synthesised(stage)).map((template) => template.toJSON()));

it('finds in the templates what costs', () => {
  expect(facts).toMatchObject({ alarms: expect.any(Number), queueMappings: 2, historyIndexes: 1 });
  expect(facts.alarms).toBeGreaterThan(0);
});

it('prints the tables that the README shows', () => {
  const [, shown] = /<!-- costs: .*-->\n([\s\S]*?)\n<!-- \/costs -->/.exec(readme)!;

  expect(shown).toBe(costTables(costsOf(stage, facts), usualWorkload.predictions));
});

it('takes the duration that the README has measured', () => {
  const [, p50] = /\| handler, warm, quota and stores included \| ([\d.]+) \|/.exec(readme)!;

  expect(usualWorkload.millisecondsPerPrediction).toBe(Number(p50));
});

it('says in the README where the prices are for, and of when', () => {
  expect(readme).toContain(`the list prices of ${priceRegion}`);
  expect(readme).toContain(priceDate);
});

it.each(Object.entries(prices))('has a source for the price of %s', (_, { source, usd }) => {
  expect(URL.canParse(source)).toBe(true);
  expect(usd).toBeGreaterThan(0);
});
