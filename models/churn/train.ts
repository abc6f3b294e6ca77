/**
 * Trains and packages the model that ships: `node models/churn/train.ts`. The same code gives the same bytes; with a
 * folder as its argument it writes there, for whoever wants to compare.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldenSchema, type TabularManifest, tableSchema, tabularManifestSchema } from '@kilat/contracts';
import {
  binaryLabels,
  calibrateAll,
  costThreshold,
  estimateAll,
  evaluateBinary,
  exportTabularModel,
  fitGradientBoosting,
  type LabelledRows,
  logisticCandidate,
  type Row,
  rankProbabilities,
  rocAuc,
  segmentCuts,
  segmentSummaries,
  selectModel,
  tabularExplainer,
  tabularSignature,
  treeCandidate,
} from '@kilat/core/learning';
import { modelCard } from './card.ts';
import { type Customer, generateCustomers } from './generate.ts';

const folder = import.meta.dirname;
const table = tableSchema.parse(JSON.parse(readFileSync(join(folder, 'table.json'), 'utf8')));

const TRAINING = { count: 8000, seed: 1 };
const HELD_OUT = { count: 10_000, seed: 2 };
/** What the process itself allows is measured on so many that the interval is narrow. */
const PROCESS = { count: 200_000, seed: 3 };
const SEED = 1;
const GOLDEN_CASES = 20;
const EXAMPLES = 12;

/** An offer costs 20 and keeps 60 of 100 who would leave; each who leaves costs 100. */
const costs = { truePositive: 60, falsePositive: 20, trueNegative: 0, falseNegative: 100 };

const boosting = (settings: { iterations: number; maxLeaves: number; learningRate: number }) =>
  treeCandidate(
    table,
    { name: `boosting ${settings.iterations} x ${settings.maxLeaves}`, params: { model: 'boosting', ...settings } },
    (set) => fitGradientBoosting(set, { ...settings, minSamplesLeaf: 40, l2: 1, maxBins: 64 }),
  );

/** The simplest first; few leaves keep the exact explanation fast. */
const candidates = [
  ...[0.1, 1].map((C) => logisticCandidate(table, { C })),
  ...[50, 100, 150].map((iterations) => boosting({ iterations, maxLeaves: 4, learningRate: 0.1 })),
];

const rowsOf = (customers: readonly Customer[]): Row[] => customers.map(({ row }) => row);
const labelsOf = (rows: readonly Row[]): Uint8Array => binaryLabels(table.target, rows);

/** The AUC of who knows each customer's true probability. */
function processAuc(customers: readonly Customer[], resamples: number) {
  const labels = labelsOf(rowsOf(customers));
  const ranked = rankProbabilities({ labels, probabilities: customers.map(({ probability }) => probability) });
  return estimateAll({ auc: (counts) => rocAuc(ranked, counts) }, ranked.labels, { seed: SEED, resamples }).auc!;
}

function train() {
  const rows = rowsOf(generateCustomers(TRAINING.count, TRAINING.seed));
  const data: LabelledRows = { rows, labels: labelsOf(rows) };
  const selected = selectModel(candidates, data, { seed: SEED });
  const outOfFold = calibrateAll(selected.calibration, selected.outOfFold);
  const { threshold } = costThreshold(rankProbabilities({ labels: data.labels, probabilities: outOfFold }), costs)!;
  const cuts = segmentCuts(outOfFold, { medium: 0.25, high: 0.15 });
  return { ...selected, rows, threshold, cuts };
}

const fileOf = (file: string, bytes: Uint8Array) => ({
  file,
  sha256: createHash('sha256').update(bytes).digest('hex'),
  bytes: bytes.length,
});

const rounded = (value: number, digits = 4): number => Number(value.toFixed(digits));

function build(): Map<string, Uint8Array> {
  const trained = train();
  const { model, calibration, candidate, threshold, cuts } = trained;
  const weights = exportTabularModel({ name: 'churn', ...model, calibration });
  const explainer = Buffer.from(`${JSON.stringify(tabularExplainer({ ...model, calibration }, trained.rows))}\n`);

  const heldOut = generateCustomers(HELD_OUT.count, HELD_OUT.seed);
  const rows = rowsOf(heldOut);
  const labels = labelsOf(rows);
  const probabilities = calibrateAll(calibration, model.logOdds(rows));
  const decision = { threshold, seed: SEED, resamples: 500 };
  const evaluation = evaluateBinary({ labels, probabilities }, decision);
  const attainable = {
    process: processAuc(generateCustomers(PROCESS.count, PROCESS.seed), 200),
    heldOut: processAuc(heldOut, 500),
  };

  const manifest: TabularManifest = tabularManifestSchema.parse({
    name: 'churn',
    version: '1',
    task: 'tabular-classification',
    description: 'How likely a customer of a telephone company is to leave within a month, and why',
    licence: 'MIT',
    source: { data: 'made by generate.ts', recipe: 'train.ts', candidate: candidate.name },
    weights: fileOf('model.onnx', weights),
    signature: tabularSignature(model.encoder),
    table,
    postprocessing: {
      decision_threshold: rounded(threshold),
      segments: { medium: rounded(cuts.medium), high: rounded(cuts.high) },
    },
    explainer: fileOf('explainer.json', explainer),
    labels: table.target.classes,
    metrics: Object.fromEntries(
      Object.entries(evaluation.metrics).flatMap(([name, estimate]) =>
        estimate ? [[name, rounded(estimate.value)]] : [],
      ),
    ),
  });
  const golden = goldenSchema.parse({
    instance_cases: rows
      .slice(0, GOLDEN_CASES)
      .map((row, index) => ({ instance: asked(row), probability: probabilities[index] })),
  });
  const groups = groupsOf(rows, labels, probabilities);
  const segments = segmentSummaries(manifest.postprocessing.segments, labels, probabilities);
  const sizes = { training: TRAINING.count, heldOut: HELD_OUT.count, process: PROCESS.count };
  const card = modelCard({
    manifest,
    evaluation,
    attainable,
    groups,
    segments,
    sizes,
    calibration,
    sweep: trained.sweep,
  });
  const examples = rows.slice(GOLDEN_CASES, GOLDEN_CASES + EXAMPLES).map(asked);
  return new Map<string, Uint8Array>([
    ['model.onnx', weights],
    ['explainer.json', explainer],
    ['model.json', json(manifest)],
    ['golden.json', json({ instance_tolerance: golden.instance_tolerance, instance_cases: golden.instance_cases })],
    ['README.md', Buffer.from(card)],
    ['examples/request.json', json({ instances: examples.slice(0, 2) })],
    ['examples/customers.csv', Buffer.from(csv(examples))],
    ['examples/customers.ndjson', Buffer.from(examples.map((row) => `${JSON.stringify(row)}\n`).join(''))],
  ]);
}

/** A customer as one is asked about: nobody knows yet whether they leave. */
function asked({ Churn: _, ...row }: Row): Row {
  return row;
}

/** How the model does for the groups that the table protects. */
function groupsOf(rows: readonly Row[], labels: Uint8Array, probabilities: Float64Array) {
  return table.protected_columns.flatMap((column) =>
    [...new Set(rows.map((row) => row[column]!))].sort().map((value) => {
      const own = rows.flatMap((row, index) => (row[column] === value ? [index] : []));
      const part = {
        labels: own.map((index) => labels[index]!),
        probabilities: own.map((index) => probabilities[index]!),
      };
      return {
        group: `${column} ${value}`,
        rows: own.length,
        ...evaluateBinary(part, { seed: SEED, resamples: 200 }).metrics,
      };
    }),
  );
}

const json = (value: unknown): Uint8Array => Buffer.from(`${JSON.stringify(value, undefined, 2)}\n`);

/** No value of these has a comma or a quote. */
function csv(rows: readonly Row[]): string {
  const names = Object.keys(rows[0]!);
  const line = (cells: readonly unknown[]): string => `${cells.map((cell) => cell ?? '').join(',')}\n`;
  return line(names) + rows.map((row) => line(names.map((name) => row[name]))).join('');
}

const target = process.argv[2] ?? folder;
mkdirSync(join(target, 'examples'), { recursive: true });
for (const [file, bytes] of build()) writeFileSync(join(target, file), bytes);
