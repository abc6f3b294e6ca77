import type { Random } from '../random.ts';
import type { BinnedMatrix } from './bins.ts';
import { type GrowingNode, type GrowthLimits, mayBeSplit } from './growing-node.ts';
import { type HistogramBuilder, type RowStatistics, subtract } from './histogram.ts';
import { improveSplit, type Split } from './split.ts';

/** Finds the best splits of the nodes of one tree. Undefined stands for a node that stays a leaf. */
export interface SplitFinder {
  ofRoot(root: GrowingNode): Split | undefined;
  ofChildren(parent: GrowingNode, children: readonly [GrowingNode, GrowingNode]): (Split | undefined)[];
  /** The node is not going to be split. */
  forget(node: GrowingNode): void;
}

/** What splits are found in. */
export interface SplitSpace {
  readonly matrix: BinnedMatrix;
  readonly histograms: HistogramBuilder;
  readonly statistics: RowStatistics;
  readonly limits: GrowthLimits;
}

const noSplit = (minGain: number): Split => ({
  gain: minGain,
  feature: -1,
  bin: -1,
  missingLeft: false,
  left: { rows: 0, gradient: 0, hessian: 0 },
});

const found = (split: Split): Split | undefined => (split.feature < 0 ? undefined : split);

/** Looks at the same features at every node: of two siblings only the smaller one's rows have to be read. */
export function amongFeatures(features: Int32Array, space: SplitSpace): SplitFinder {
  const { histograms, statistics, limits } = space;
  const kept = new Map<number, Float64Array>();

  function build({ start, end }: GrowingNode): Float64Array {
    const histogram = histograms.take();
    histograms.fill(histogram, features, statistics, start, end);
    return histogram;
  }

  function best(node: GrowingNode, histogram: Float64Array): Split | undefined {
    const split = noSplit(limits.minGain);
    if (mayBeSplit(node, limits)) {
      for (const feature of features) improveSplit(split, { node: node.sums, histogram, feature }, space);
    }
    if (split.feature < 0) histograms.giveBack(histogram);
    else kept.set(node.id, histogram);
    return found(split);
  }

  function forget({ id }: GrowingNode): void {
    histograms.giveBack(kept.get(id));
    kept.delete(id);
  }

  function ofChildren(parent: GrowingNode, children: readonly [GrowingNode, GrowingNode]): (Split | undefined)[] {
    const histogram = kept.get(parent.id)!;
    if (!children.some((child) => mayBeSplit(child, limits))) {
      forget(parent);
      return [undefined, undefined];
    }
    kept.delete(parent.id);
    const [left, right] = children;
    const isLeftSmaller = left.sums.rows < right.sums.rows;
    const smaller = build(isLeftSmaller ? left : right);
    subtract(histogram, smaller);
    return [best(left, isLeftSmaller ? smaller : histogram), best(right, isLeftSmaller ? histogram : smaller)];
  }

  return { ofRoot: (root) => best(root, build(root)), ofChildren, forget };
}

/** Draws features anew at each node, and goes on drawing until one can be split on, as scikit-learn's forests do. */
export function amongDrawnFeatures(count: number, random: Random, space: SplitSpace): SplitFinder {
  const { matrix, histograms, statistics, limits } = space;
  const features = Int32Array.from({ length: matrix.columns }, (_, column) => column);
  const histogram = histograms.take();

  /** Puts a feature that is drawn from those behind to the given place. */
  function draw(place: number): void {
    const at = place + random.int(features.length - place);
    [features[place], features[at]] = [features[at]!, features[place]!];
  }

  function best(node: GrowingNode): Split | undefined {
    if (!mayBeSplit(node, limits)) return undefined;
    const { start, end, sums } = node;
    const split = noSplit(limits.minGain);
    let drawn = 0;
    for (
      let wanted = count;
      drawn < wanted;
      wanted = split.feature < 0 ? Math.min(wanted + 1, features.length) : wanted
    ) {
      const from = drawn;
      while (drawn < wanted) draw(drawn++);
      const group = features.subarray(from, drawn);
      histograms.fill(histogram, group, statistics, start, end);
      for (const feature of group) improveSplit(split, { node: sums, histogram, feature }, space);
    }
    return found(split);
  }

  return { ofRoot: best, ofChildren: (_parent, children) => children.map(best), forget: () => {} };
}
