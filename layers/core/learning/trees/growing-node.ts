import type { NodeSums, SplitLimits } from './split.ts';

export interface GrowthLimits extends SplitLimits {
  readonly maxLeaves: number;
  /** edges from the root to a leaf */
  readonly maxDepth: number;
}

/** A node of a tree that is being grown: a leaf, until it is split. */
export interface GrowingNode {
  readonly id: number;
  readonly sums: NodeSums;
  /** its rows' places in the order of all rows, the end exclusive */
  readonly start: number;
  readonly end: number;
  /** edges from the root */
  readonly depth: number;
  /** what it adds to its rows' scores where it stays a leaf, before the tree rounds it to float32 */
  readonly value: number;
}

export const mayBeSplit = ({ sums, depth }: GrowingNode, { minSamplesLeaf, maxDepth }: GrowthLimits): boolean =>
  sums.rows >= 2 * minSamplesLeaf && depth < maxDepth;
