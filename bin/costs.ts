import { Command, InvalidArgumentError, Option } from 'commander';
import { buildApp } from '../lib/app.ts';
import { bundleProject } from '../lib/bundle/project.ts';
import { costsOf, usualWorkload } from '../lib/costs/costs.ts';
import { priceDate, priceRegion, prices } from '../lib/costs/prices.ts';
import { costTables } from '../lib/costs/table.ts';
import { factsOf } from '../lib/costs/template-facts.ts';
import { chosenStage, readStage, stageNames } from '../lib/stage.ts';

interface Options {
  readonly stage: string;
  readonly predictions: number;
  readonly milliseconds: number;
  readonly photoKb: number;
  readonly users: number;
  readonly json?: true;
}

function amount(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new InvalidArgumentError('expected a number');
}

const number = (flags: string, description: string, value: number): Option =>
  new Option(flags, description).argParser(amount).default(value);

const options = new Command('npm run costs --')
  .description(
    'what a stage costs in a month: by its settings and templates, at the list prices of lib/costs/prices.ts',
  )
  .addOption(new Option('--stage <name>', 'which').choices(stageNames).default(chosenStage({})))
  .addOption(number('--predictions <number>', 'a month', usualWorkload.predictions))
  .addOption(number('--milliseconds <number>', 'of a prediction', usualWorkload.millisecondsPerPrediction))
  .addOption(number('--photo-kb <number>', 'of a photo', usualWorkload.photoBytes / 1000))
  .addOption(number('--users <number>', 'who sign in within a month', usualWorkload.activeUsers))
  .option('--json', 'for machines, with the source of each price')
  .parse()
  .opts<Options>();

const stage = readStage(options.stage);
const assembly = buildApp({ stage, validate: false }, await bundleProject()).synth();
const costs = costsOf(stage, factsOf(assembly.stacks.map(({ template }) => template)), {
  predictions: options.predictions,
  millisecondsPerPrediction: options.milliseconds,
  photoBytes: options.photoKb * 1000,
  activeUsers: options.users,
});

if (options.json)
  console.log(JSON.stringify({ stage: stage.name, region: priceRegion, date: priceDate, prices, ...costs }));
else {
  console.log(costTables(costs, options.predictions));
  console.log(`\nList prices of ${priceRegion} as of ${priceDate}. ¹ not verified: see lib/costs/prices.ts`);
}
