import { seededRandom } from '../random.ts';
import { assertCount, assertWithin } from './assert-setting.ts';
import { binned, MAX_BINS } from './bins.ts';
import type { TreeEnsemble } from './ensemble.ts';
import { HistogramBuilder } from './histogram.ts';
import { holdOut, type WeightedRows } from './holdout.ts';
import { type Loss, logLoss, softmaxLoss } from './loss.ts';
import { amongFeatures } from './split-finder.ts';
import { assertTrainingSet, type ClassWeights, rowWeights, type TrainingSet } from './training-set.ts';
import { addTree, type Tree } from './tree.ts';
import { type GrownTree, growTree } from './tree-grower.ts';

/** The names and defaults are those of scikit-learn's HistGradientBoostingClassifier, where it has them. */
export interface BoostingSettings {
  readonly iterations: number;
  readonly learningRate: number;
  readonly maxLeaves: number;
  readonly maxDepth: number;
  /** rows, whatever they weigh */
  readonly minSamplesLeaf: number;
  readonly l2: number;
  readonly maxBins: number;
  /** of the features, drawn anew for each tree, at least one */
  readonly featureShare: number;
  readonly classWeights?: ClassWeights;
  readonly earlyStopping?: EarlyStopping;
  readonly seed: number;
}

export interface EarlyStopping {
  /** of each class's rows, which no tree then learns from */
  readonly validationShare: number;
  /** iterations without a lower validation loss, after which no more follow; those after the lowest are dropped */
  readonly patience: number;
}

const defaults: BoostingSettings = {
  iterations: 100,
  learningRate: 0.1,
  maxLeaves: 31,
  maxDepth: Infinity,
  minSamplesLeaf: 20,
  l2: 0,
  maxBins: MAX_BINS,
  featureShare: 1,
  seed: 1,
};

const MIN_HESSIAN = 1e-3;
/** A loss has to fall by more than this to count as lower. */
const TOLERANCE = 1e-7;

/**
 * Gradient boosting over histograms: each iteration grows a tree per output by the derivatives of the log loss (Friedman
 * 2001; Chen and Guestrin, "XGBoost", 2016; Ke et al., "LightGBM", 2017). Thresholds and leaf values are float32, so that
 * the ensemble takes the same branches and gives the same scores in ONNX.
 * @throws {RangeError} when the rows cannot be learnt from, or a setting is out of bounds
 */
export function fitGradientBoosting(set: TrainingSet, changes: Partial<BoostingSettings> = {}): TreeEnsemble {
  const settings = { ...defaults, ...changes };
  assertSettings(settings);
  assertTrainingSet(set);
  const targets = { labels: set.labels, weights: rowWeights(set, settings.classWeights) };
  const loss = set.classes === 2 ? logLoss() : softmaxLoss(set.classes);
  const { baseScores, trees } = boost({ features: set.features, targets }, loss, settings);
  const link = set.classes === 2 ? 'logit' : 'softmax';
  return { link, columns: set.features.columns, baseScores: Float32Array.from(baseScores), trees };
}

/** Scores are summed in float64 while the trees grow, and rounded once. */
interface Boosted {
  readonly baseScores: readonly number[];
  readonly trees: Tree[];
}

function boost(all: WeightedRows, loss: Loss, settings: BoostingSettings): Boosted {
  const { earlyStopping, iterations, seed } = settings;
  if (!earlyStopping) {
    const baseScores = loss.baseScores(all.targets);
    return { baseScores, trees: boostingIterations(all, loss, baseScores, settings).take(iterations).toArray().flat() };
  }
  const { training, validation } = holdOut(all, earlyStopping.validationShare, seed);
  const baseScores = loss.baseScores(training.targets);
  const grown = boostingIterations(training, loss, baseScores, settings).take(iterations);
  return { baseScores, trees: untilPatienceEnds(grown, validation, loss, baseScores, earlyStopping.patience) };
}

/** The trees of each iteration, without end. */
function* boostingIterations(
  { features, targets }: WeightedRows,
  loss: Loss,
  baseScores: readonly number[],
  settings: BoostingSettings,
): Generator<Tree[]> {
  const matrix = binned(features, targets.weights, settings.maxBins, settings.seed);
  const histograms = new HistogramBuilder(matrix);
  const draw = featureDraw(matrix.columns, settings);
  const limits = { ...settings, minHessian: MIN_HESSIAN, minGain: 0 };
  const scores = startScores(features.rows, baseScores);
  const gradients = new Float32Array(features.rows);
  const hessians = new Float32Array(features.rows);
  for (;;) {
    loss.prepare(scores);
    const trees: Tree[] = [];
    for (let output = 0; output < loss.outputs; output++) {
      loss.derivatives(output, targets, gradients, hessians);
      const order = Uint32Array.from({ length: features.rows }, (_, row) => row);
      const statistics = { order, gradients, hessians };
      const finder = amongFeatures(draw(), { matrix, histograms, statistics, limits });
      const grown = growTree({ matrix, statistics, limits, finder, scale: settings.learningRate, output });
      addLeaves(grown, order, scores, loss.outputs);
      trees.push(grown.tree);
    }
    yield trees;
  }
}

/** What each tree may split on. */
function featureDraw(columns: number, { featureShare, seed }: BoostingSettings): () => Int32Array {
  const random = seededRandom(seed);
  const all = Int32Array.from({ length: columns }, (_, column) => column);
  const count = Math.max(1, Math.round(featureShare * columns));
  if (count === columns) return () => all;
  return () => {
    for (let drawn = 0; drawn < count; drawn++) {
      const at = drawn + random.int(columns - drawn);
      [all[drawn], all[at]] = [all[at]!, all[drawn]!];
    }
    return all.slice(0, count).sort();
  };
}

function startScores(rows: number, baseScores: readonly number[]): Float64Array {
  const scores = new Float64Array(rows * baseScores.length);
  return scores.map((_, index) => baseScores[index % baseScores.length]!);
}

/** What addTree does, without a walk from the root: the leaves know their rows. */
function addLeaves(grown: GrownTree, order: Uint32Array, scores: Float64Array, outputs: number): void {
  const { output } = grown.tree;
  for (const { value, start, end } of grown.leaves) {
    for (let i = start; i < end; i++) scores[order[i]! * outputs + output]! += value;
  }
}

/** The trees up to the iteration of the lowest validation loss. */
function untilPatienceEnds(
  iterations: Iterable<readonly Tree[]>,
  { features, targets }: WeightedRows,
  loss: Loss,
  baseScores: readonly number[],
  patience: number,
): Tree[] {
  const scores = startScores(features.rows, baseScores);
  const trees: Tree[] = [];
  let lowest = { loss: Infinity, trees: 0 };
  let waited = 0;
  for (const grown of iterations) {
    for (const tree of grown) addTree(tree, features, scores, loss.outputs);
    trees.push(...grown);
    const current = loss.mean(scores, targets);
    waited = current < lowest.loss - TOLERANCE ? 0 : waited + 1;
    if (waited === 0) lowest = { loss: current, trees: trees.length };
    if (waited === patience) break;
  }
  return trees.slice(0, lowest.trees);
}

function assertSettings(settings: BoostingSettings): void {
  assertCount('iterations', settings.iterations, 1, 100_000);
  assertWithin('learningRate', settings.learningRate, Number.MIN_VALUE, 1);
  assertCount('maxLeaves', settings.maxLeaves, 2);
  assertCount('maxDepth', settings.maxDepth, 1);
  assertCount('minSamplesLeaf', settings.minSamplesLeaf, 1);
  assertWithin('l2', settings.l2, 0, Number.MAX_VALUE);
  assertCount('maxBins', settings.maxBins, 2, MAX_BINS);
  assertWithin('featureShare', settings.featureShare, Number.MIN_VALUE, 1);
  if (!settings.earlyStopping) return;
  assertWithin('validationShare', settings.earlyStopping.validationShare, Number.MIN_VALUE, 0.9);
  assertCount('patience', settings.earlyStopping.patience, 1);
}
