import type { BinnedMatrix } from './bins.ts';
import { GainQueue } from './gain-queue.ts';
import type { GrowingNode, GrowthLimits } from './growing-node.ts';
import type { RowStatistics } from './histogram.ts';
import { leafValue, type NodeSums, type Split, without } from './split.ts';
import type { SplitFinder } from './split-finder.ts';
import type { Tree } from './tree.ts';
import { TreeBuilder } from './tree-builder.ts';

/** What a tree is grown from and into. */
export interface Growth {
  readonly matrix: BinnedMatrix;
  /** its order is changed: the rows of each leaf lie side by side in the end */
  readonly statistics: RowStatistics;
  readonly limits: GrowthLimits;
  readonly finder: SplitFinder;
  /** what the values of leaves are multiplied by */
  readonly scale: number;
  readonly output: number;
}

export interface GrownTree {
  readonly tree: Tree;
  readonly leaves: readonly GrowingNode[];
}

interface Candidate {
  readonly node: GrowingNode;
  readonly split: Split;
}

/** Every value but an infinite one goes left: the split parts what is known from what is missing. */
const LARGEST_FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

/** Grows a tree leaf by leaf, the one first whose split takes most off the loss. */
export function growTree({ matrix, statistics, limits, finder, scale, output }: Growth): GrownTree {
  const { order } = statistics;
  const builder = new TreeBuilder();
  const queue = new GainQueue<Candidate>();
  const leaves: GrowingNode[] = [];
  const rightRows = new Uint32Array(order.length);

  function addNode(sums: NodeSums, place: Pick<GrowingNode, 'start' | 'end' | 'depth'>): GrowingNode {
    const value = scale * leafValue(sums.gradient, sums.hessian, limits.l2);
    return { id: builder.leaf(value, sums.rows), sums, value, ...place };
  }

  function enqueue(node: GrowingNode, split: Split | undefined): void {
    if (split) queue.push({ node, split });
    else leaves.push(node);
  }

  function split({ node, split }: Candidate): [GrowingNode, GrowingNode] {
    const middle = partition(matrix, order, rightRows, node, split);
    const depth = node.depth + 1;
    const left = addNode(split.left, { start: node.start, end: middle, depth });
    const right = addNode(without(node.sums, split.left), { start: middle, end: node.end, depth });
    const threshold = matrix.edges[split.feature]![split.bin] ?? LARGEST_FLOAT32;
    // Where training saw no missing value, one goes with the majority.
    const isMajorityLeft = split.left.rows > node.sums.rows - split.left.rows;
    const missingLeft = matrix.hasMissing[split.feature] ? split.missingLeft : isMajorityLeft;
    builder.split(node.id, { feature: split.feature, threshold, missingLeft, left: left.id, right: right.id });
    return [left, right];
  }

  const root = addNode(sumsOf(statistics), { start: 0, end: order.length, depth: 0 });
  enqueue(root, finder.ofRoot(root));
  while (queue.size > 0 && leaves.length + queue.size < limits.maxLeaves) {
    const candidate = queue.pop()!;
    const children = split(candidate);
    const splits = finder.ofChildren(candidate.node, children);
    for (const [index, child] of children.entries()) enqueue(child, splits[index]);
  }
  for (let rest = queue.pop(); rest; rest = queue.pop()) {
    finder.forget(rest.node);
    leaves.push(rest.node);
  }
  return { tree: builder.tree(output), leaves };
}

function sumsOf({ order, gradients, hessians }: RowStatistics): NodeSums {
  let gradient = 0;
  let hessian = 0;
  for (const row of order) {
    gradient += gradients[row]!;
    hessian += hessians[row]!;
  }
  return { rows: order.length, gradient, hessian };
}

/** Puts the rows that go left before those that go right, else in their order. @returns where the right ones begin */
function partition(
  { rows, bins, edges }: BinnedMatrix,
  order: Uint32Array,
  rightRows: Uint32Array,
  { start, end }: GrowingNode,
  { feature, bin, missingLeft }: Split,
): number {
  const missing = edges[feature]!.length + 1;
  const column = bins.subarray(feature * rows, (feature + 1) * rows);
  let left = start;
  let right = 0;
  for (let i = start; i < end; i++) {
    const row = order[i]!;
    const value = column[row]!;
    if (value === missing ? missingLeft : value <= bin) order[left++] = row;
    else rightRows[right++] = row;
  }
  order.set(rightRows.subarray(0, right), left);
  return left;
}
