import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  fitGradientBoosting,
  fitLogistic,
  fitRandomForest,
  logisticLogOdds,
  logLossOver,
  probabilities,
  rankRows,
  rocAuc,
  sigmoid,
  type TrainingSet,
  treeExplainer,
} from '@kilat/core/learning';
import { summarise } from './statistics.ts';
import { root } from './subject.ts';
import { type Split, telcoLike } from './telco-like.ts';

const usage = `Measures training against scikit-learn on one thread, on the same synthetic rows of the size of IBM's Telco.
Times are of the processor, not of the clock: other work on the machine hardly shows.

npm run bench:learning -- [options]

  --rounds N     fits of each case (default 7)
  --python FILE  an interpreter that has scikit-learn (default python3)
  --json FILE    where the figures are written (default .build/bench-learning.json)
  --help         show this text`;

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '7' },
    python: { type: 'string', default: 'python3' },
    json: { type: 'string', default: join(root, '.build/bench-learning.json') },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  console.log(usage);
  process.exit(0);
}

/** How one trainer did in one case. */
interface Outcome {
  /** milliseconds of processor time, one for each fit */
  readonly times: readonly number[];
  readonly auc: number;
  readonly logLoss: number;
}

type Outcomes = Readonly<Record<string, Outcome>>;

/** Fits, and gives what tells the probability of class 1 of each row. */
type Trainer = (set: TrainingSet) => (rows: TrainingSet['features']) => Float64Array;

/** The cases of learning.py, by the same names and with the same settings. */
const trainers: Readonly<Record<string, Trainer>> = {
  'boosting, 31 leaves': (set) => {
    const ensemble = fitGradientBoosting(set);
    return (rows) => probabilities(ensemble, rows);
  },
  'boosting, 8 leaves': (set) => {
    const ensemble = fitGradientBoosting(set, { maxLeaves: 8, learningRate: 0.05 });
    return (rows) => probabilities(ensemble, rows);
  },
  'forest, 100 trees': (set) => {
    const ensemble = fitRandomForest(set);
    return (rows) => probabilities(ensemble, rows);
  },
  logistic: (set) => {
    const model = fitLogistic(set);
    return (rows) => logisticLogOdds(model, rows).map(sigmoid);
  },
};

const rounds = Number(values.rounds);
const split = telcoLike(1);
const ours = Object.fromEntries(Object.entries(trainers).map(([name, trainer]) => [name, measured(trainer, split)]));
const reference = await scikitLearn(split);
print(ours, reference);
await write({ ours, reference });

/** The first fits are not counted: V8 compiles what is hot in them. */
function measured(trainer: Trainer, { training, test }: Split): Outcome {
  const WARM_UP = 2;
  const times: number[] = [];
  let probabilitiesOf = trainer(training);
  for (let round = 1 - WARM_UP; round < rounds; round++) {
    const start = process.cpuUsage();
    probabilitiesOf = trainer(training);
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) times.push((user + system) / 1000);
  }
  const ranked = rankRows(test.labels, probabilitiesOf(test.features));
  return { times, auc: rocAuc(ranked)!, logLoss: logLossOver(ranked)()! };
}

interface Reference {
  readonly version: string;
  readonly results: Outcomes;
}

/** The same cases in Python. @returns undefined where the interpreter has no scikit-learn */
async function scikitLearn({ training, test }: Split): Promise<Reference | undefined> {
  if (spawnSync(values.python, ['-c', 'import sklearn']).status !== 0) {
    console.error(`${values.python} has no scikit-learn: there is nothing to compare with (--python names another)`);
    return undefined;
  }
  const folder = await mkdtemp(join(tmpdir(), 'bench-learning-'));
  try {
    await writeRows(folder, 'training', training);
    await writeRows(folder, 'test', test);
    const { status, stdout } = spawnSync(values.python, [join(import.meta.dirname, 'learning.py')], {
      input: JSON.stringify({ folder, rounds }),
      env: { ...process.env, OMP_NUM_THREADS: '1', OPENBLAS_NUM_THREADS: '1' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    if (status !== 0) throw new Error(`learning.py ended with ${status}`);
    return JSON.parse(stdout.toString()) as Reference;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function writeRows(folder: string, name: string, { features, labels }: TrainingSet): Promise<void> {
  await writeFile(join(folder, `${name}.features`), features.values);
  await writeFile(join(folder, `${name}.labels`), Uint8Array.from(labels));
}

/** Milliseconds to explain a row, of the ensemble with most leaves. */
function explanationMs({ training, test }: Split): number {
  const { rows, columns, values } = test.features;
  const explainer = treeExplainer(fitGradientBoosting(training));
  const contributions = new Float64Array(columns);
  const explainAll = (): void => {
    for (let row = 0; row < rows; row++) {
      explainer.explain(values.subarray(row * columns, (row + 1) * columns), contributions);
    }
  };
  explainAll();
  const start = process.cpuUsage();
  explainAll();
  return process.cpuUsage(start).user / 1000 / rows;
}

function print(ours: Outcomes, reference: Reference | undefined): void {
  const titles = ['', 'ms', 'sklearn', 'ratio', 'AUC', 'sklearn', 'log loss', 'sklearn'];
  const lines = Object.entries(ours).map(([name, outcome]) => row(name, outcome, reference?.results[name]));
  const machine = `${availableParallelism()} cores of ${cpus()[0]?.model}, Node ${process.version}`;
  const { rows, columns } = split.training.features;
  console.error(
    [
      `\n${rows} rows of ${columns} columns, median of ${rounds} fits, scikit-learn ${reference?.version ?? 'absent'}; ${machine}\n`,
      titles.map((title, index) => (index ? title.padStart(10) : title.padEnd(24))).join(''),
      ...lines,
      `\nTreeSHAP of 100 trees of 31 leaves: ${explanationMs(split).toFixed(3)} ms a row\n`,
    ].join('\n'),
  );
}

function row(name: string, { times, auc, logLoss }: Outcome, reference: Outcome | undefined): string {
  const ms = summarise(times).p50;
  const theirs = reference && summarise(reference.times).p50;
  const cells = [
    ms.toFixed(0),
    theirs?.toFixed(0),
    theirs === undefined ? undefined : `${(ms / theirs).toFixed(2)}x`,
    auc.toFixed(5),
    reference?.auc.toFixed(5),
    logLoss.toFixed(5),
    reference?.logLoss.toFixed(5),
  ];
  return name.padEnd(24) + cells.map((cell) => (cell ?? '').padStart(10)).join('');
}

async function write(results: object): Promise<void> {
  await mkdir(dirname(values.json), { recursive: true });
  await writeFile(values.json, `${JSON.stringify(results, null, 2)}\n`);
  console.error(`written to ${values.json}`);
}
