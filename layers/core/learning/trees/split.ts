import type { BinnedMatrix } from './bins.ts';
import { CELL } from './histogram.ts';

/** When a node may be split. */
export interface SplitLimits {
  readonly minSamplesLeaf: number;
  /** of either side, summed */
  readonly minHessian: number;
  /** by which the loss has to fall, twice */
  readonly minGain: number;
  /** added to the sums of hessians */
  readonly l2: number;
}

/** Sums over the rows of a node. */
export interface NodeSums {
  readonly rows: number;
  readonly gradient: number;
  readonly hessian: number;
}

export interface Split {
  /** twice what it takes off the loss */
  gain: number;
  feature: number;
  /** the last bin that goes left */
  bin: number;
  missingLeft: boolean;
  left: NodeSums;
}

/** Keeps a leaf of no hessian and no l2 from 0 / 0. */
const EPSILON = 1e-15;

/** The raw score that minimises the loss's second-order expansion: equation 5 of Chen and Guestrin, "XGBoost", 2016. */
export const leafValue = (gradient: number, hessian: number, l2: number): number =>
  -gradient / (hessian + l2 + EPSILON);

/** Twice what a leaf takes off the loss: equation 6. */
const score = (gradient: number, hessian: number, l2: number): number =>
  (gradient * gradient) / (hessian + l2 + EPSILON);

/**
 * Finds the split of one feature that takes most off the loss, and keeps it where it beats the best so far. Missing
 * values go right at first and then, where the node has any, left; the first of equals wins, as in scikit-learn.
 */
export function improveSplit(best: Split, { node, histogram, feature }: FeatureCells, space: SplitRules): void {
  const { offsets } = space.matrix;
  const cells = histogram.subarray(CELL * offsets[feature]!, CELL * offsets[feature + 1]!);
  const missing = cells.length / CELL - 1;
  const hasMissing = cells[CELL * missing + 2]! > 0;
  const from = { node, cells, feature };
  scan(best, from, { first: 0, end: hasMissing ? missing : missing - 1, step: 1 }, space.limits);
  if (hasMissing) scan(best, from, { first: missing - 1, end: 0, step: -1 }, space.limits);
}

/** A feature of a node, in the histogram of the node. */
export interface FeatureCells {
  readonly node: NodeSums;
  readonly histogram: Float64Array;
  readonly feature: number;
}

export interface SplitRules {
  readonly matrix: BinnedMatrix;
  readonly limits: SplitLimits;
}

/** The bins that join one side, one after another, while all others and the missing values are on the other side. */
interface Scan {
  readonly first: number;
  /** exclusive */
  readonly end: number;
  /** 1 fills the left side from the lowest bin, -1 the right side from the highest */
  readonly step: 1 | -1;
}

interface ScannedFeature {
  readonly node: NodeSums;
  readonly cells: Float64Array;
  readonly feature: number;
}

function scan(
  best: Split,
  { node, cells, feature }: ScannedFeature,
  { first, end, step }: Scan,
  { minSamplesLeaf, minHessian, l2 }: SplitLimits,
): void {
  const unsplit = score(node.gradient, node.hessian, l2);
  let rows = 0;
  let gradient = 0;
  let hessian = 0;
  let gain = best.gain;
  let bestBin = -1;
  let side = node;
  for (let bin = first; bin !== end; bin += step) {
    const cell = CELL * bin;
    if (cells[cell + 2] === 0) continue;
    gradient += cells[cell]!;
    hessian += cells[cell + 1]!;
    rows += cells[cell + 2]!;
    if (rows < minSamplesLeaf || hessian < minHessian) continue;
    const rest = node.hessian - hessian;
    if (node.rows - rows < minSamplesLeaf || rest < minHessian) break;
    const found = score(gradient, hessian, l2) + score(node.gradient - gradient, rest, l2) - unsplit;
    if (found <= gain) continue;
    gain = found;
    bestBin = bin;
    side = { rows, gradient, hessian };
  }
  if (bestBin < 0) return;
  best.gain = gain;
  best.feature = feature;
  best.bin = step > 0 ? bestBin : bestBin - 1;
  best.missingLeft = step < 0;
  best.left = step > 0 ? side : without(node, side);
}

/** The other side of a split. */
export const without = (node: NodeSums, side: NodeSums): NodeSums => ({
  rows: node.rows - side.rows,
  gradient: node.gradient - side.gradient,
  hessian: node.hessian - side.hessian,
});
