import { type Random, seededRandom } from '../random.ts';
import { assertCount } from './assert-setting.ts';
import { binned, MAX_BINS } from './bins.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { HistogramBuilder, type RowStatistics } from './histogram.ts';
import { amongDrawnFeatures } from './split-finder.ts';
import { assertTrainingSet, type ClassWeights, rowWeights, type TrainingSet } from './training-set.ts';
import type { Tree } from './tree.ts';
import { growTree } from './tree-grower.ts';

export interface ForestSettings {
  readonly trees: number;
  /** An ONNX file takes about 50 bytes for each node, of which a tree has at most 2 maxLeaves - 1. */
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** distinct rows, however often drawn */
  readonly minSamplesLeaf: number;
  readonly maxBins: number;
  /** drawn at each node; the root of their number, rounded down, where absent */
  readonly featuresPerSplit?: number;
  readonly classWeights?: ClassWeights;
  readonly seed: number;
}

const defaults: ForestSettings = {
  trees: 100,
  maxLeaves: 512,
  maxDepth: Infinity,
  minSamplesLeaf: 5,
  maxBins: MAX_BINS,
  seed: 1,
};

/** Below this, a pure node would be split on what rounding left. */
const MIN_GAIN = 1e-9;

/**
 * A random forest for two classes (Breiman 2001): trees on bootstrap samples, with features drawn at each node, whose
 * class shares in the leaves are averaged. Of two classes, the fall in squared error is half the fall in Gini impurity:
 * the splits are those of a classification tree.
 * @returns link 'identity': the scores are probabilities of class 1
 * @throws {RangeError} when the rows cannot be learnt from, there are more classes, or a setting is out of bounds
 */
export function fitRandomForest(set: TrainingSet, changes: Partial<ForestSettings> = {}): TreeEnsemble {
  const settings = { ...defaults, ...changes };
  const { columns } = set.features;
  const featuresPerSplit = settings.featuresPerSplit ?? Math.max(1, Math.floor(Math.sqrt(columns)));
  assertSettings({ ...settings, featuresPerSplit }, columns);
  assertTrainingSet(set);
  if (set.classes !== 2) throw new RangeError(`a forest tells 2 classes apart, not ${set.classes}`);
  const trees = growForest(set, { ...settings, featuresPerSplit });
  return { link: 'identity', columns, baseScores: Float32Array.of(0), trees };
}

function growForest(
  set: TrainingSet,
  settings: Required<Omit<ForestSettings, 'classWeights'>> & ForestSettings,
): Tree[] {
  const random = seededRandom(settings.seed);
  const weights = rowWeights(set, settings.classWeights);
  const matrix = binned(set.features, weights, settings.maxBins, settings.seed);
  const histograms = new HistogramBuilder(matrix);
  const limits = { ...settings, l2: 0, minHessian: 0, minGain: MIN_GAIN };
  return Array.from({ length: settings.trees }, () => {
    const statistics = bootstrap(set.labels, weights, random);
    const space = { matrix, histograms, statistics, limits };
    const finder = amongDrawnFeatures(settings.featuresPerSplit, random, space);
    return growTree({ matrix, statistics, limits, finder, scale: 1 / settings.trees, output: 0 }).tree;
  });
}

/**
 * As many rows as there are, drawn with replacement: one drawn twice weighs twice. Squared error around 0 has the
 * gradient -w y and the hessian w, so that a leaf's value is its share of class 1.
 */
function bootstrap(labels: ArrayLike<number>, weights: Float64Array, random: Random): RowStatistics {
  const rows = labels.length;
  const gradients = new Float32Array(rows);
  const hessians = new Float32Array(rows);
  for (let draw = 0; draw < rows; draw++) {
    const row = random.int(rows);
    hessians[row]! += weights[row]!;
    gradients[row]! -= weights[row]! * labels[row]!;
  }
  const order = Uint32Array.from(hessians.keys().filter((row) => hessians[row]! > 0));
  return { order, gradients, hessians };
}

function assertSettings(settings: ForestSettings, columns: number): void {
  assertCount('trees', settings.trees, 1, 100_000);
  assertCount('maxLeaves', settings.maxLeaves, 2);
  assertCount('maxDepth', settings.maxDepth, 1);
  assertCount('minSamplesLeaf', settings.minSamplesLeaf, 1);
  assertCount('maxBins', settings.maxBins, 2, MAX_BINS);
  assertCount('featuresPerSplit', settings.featuresPerSplit!, 1, columns);
}
