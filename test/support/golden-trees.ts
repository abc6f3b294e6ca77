import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BoostingSettings, Matrix, TrainingSet, Tree, TreeEnsemble } from '@kilat/core/learning';

interface Golden {
  readonly columns: number;
  readonly train: GoldenRows;
  readonly test: GoldenRows;
  readonly boosting: Readonly<Record<string, GoldenBoosting>>;
  readonly forest: Readonly<Record<'auc' | 'log_loss', { readonly mean: number; readonly std: number }>>;
  readonly xgboost: GoldenXgboost;
}

interface GoldenRows {
  /** row-major, in 64ths; null is missing */
  readonly features: readonly (number | null)[];
  readonly binary: readonly number[];
  readonly ternary: readonly number[];
}

/** What scikit-learn's HistGradientBoostingClassifier made of the training rows, and says of the test rows. */
interface GoldenBoosting {
  readonly settings: Readonly<Record<string, number | string>>;
  readonly raw_scores: readonly number[];
  readonly auc: number | null;
  readonly log_loss: number;
  /** of each tree */
  readonly leaves: readonly number[];
}

interface GoldenXgboost {
  readonly base_score: number;
  readonly trees: readonly Record<string, readonly number[]>[];
  readonly rows: readonly (readonly (number | null)[])[];
  /** per row, of each feature and of the base value */
  readonly contributions: readonly (readonly number[])[];
  readonly margins: readonly number[];
}

/** What golden/trees.py froze. */
export const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/trees.json'), 'utf8')) as Golden;

const matrixOf = ({ features }: GoldenRows): Matrix => ({
  rows: features.length / golden.columns,
  columns: golden.columns,
  values: Float32Array.from(features, (value) => (value === null ? Number.NaN : value / 64)),
});

export const trainFeatures = matrixOf(golden.train);
export const testFeatures = matrixOf(golden.test);

/** The golden training rows with two classes. */
export const twoClasses = (changes: Partial<TrainingSet> = {}): TrainingSet => ({
  features: trainFeatures,
  labels: golden.train.binary,
  classes: 2,
  ...changes,
});

const settingNames: Readonly<Record<string, keyof BoostingSettings>> = {
  max_iter: 'iterations',
  learning_rate: 'learningRate',
  max_leaf_nodes: 'maxLeaves',
  max_depth: 'maxDepth',
  min_samples_leaf: 'minSamplesLeaf',
  l2_regularization: 'l2',
  max_bins: 'maxBins',
  class_weight: 'classWeights',
};

/** scikit-learn's settings in our names. */
export const settingsOf = ({ settings }: GoldenBoosting): Partial<BoostingSettings> =>
  Object.fromEntries(Object.entries(settings).map(([name, value]) => [settingNames[name], value]));

/** XGBoost's model as an ensemble of ours. */
export const xgboostEnsemble = (): TreeEnsemble => ({
  link: 'logit',
  columns: golden.columns,
  baseScores: Float32Array.of(golden.xgboost.base_score),
  trees: golden.xgboost.trees.map(treeOfXgboost),
});

function treeOfXgboost({
  feature,
  threshold,
  left,
  right,
  default_left,
  cover,
}: Record<string, readonly number[]>): Tree {
  const isLeaf = left!.map((child) => child < 0);
  return {
    output: 0,
    feature: Int32Array.from(feature!, (column, node) => (isLeaf[node] ? -1 : column)),
    threshold: Float32Array.from(threshold!, (value, node) => (isLeaf[node] ? 0 : floatBelow(value))),
    left: Int32Array.from(left!),
    right: Int32Array.from(right!),
    missingLeft: Uint8Array.from(default_left!),
    value: Float32Array.from(threshold!, (value, node) => (isLeaf[node] ? value : 0)),
    cover: Float64Array.from(cover!),
  };
}

/** XGBoost sends x < threshold left, we x <= threshold: the float32 before it is the same border. */
function floatBelow(value: number): number {
  if (value === 0) return -(2 ** -149);
  const float = Float32Array.of(value);
  new Int32Array(float.buffer)[0]! += value > 0 ? -1 : 1;
  return float[0]!;
}

/** The share of pairs of a positive and a negative that scores put right, ties as half. */
export function areaUnderRoc(scores: ArrayLike<number>, labels: readonly number[]): number {
  const [positives, negatives] = [1, 0].map((label) => Array.from(scores).filter((_, row) => labels[row] === label));
  let right = 0;
  for (const a of positives!) for (const b of negatives!) right += a > b ? 1 : a === b ? 0.5 : 0;
  return right / (positives!.length * negatives!.length);
}

/** Mean negative logarithm of the probability of what was so, of two classes. */
export const meanLogLoss = (p: ArrayLike<number>, labels: readonly number[]): number =>
  labels.reduce((sum, label, row) => sum - Math.log(label ? p[row]! : 1 - p[row]!), 0) / labels.length;
