import type { TreeEnsemble } from './ensemble.ts';
import { ShapPath } from './shap-path.ts';
import { goesLeft, type Tree } from './tree.ts';

/** Tells how much each feature of a row added to one raw score: log-odds of boosting, probability of a forest. */
export interface TreeExplainer {
  /** The score that training rows have on average, by the trees' covers. */
  readonly baseValue: number;
  /**
   * Writes each feature's SHAP value; with the base value they add up to the raw score. Nothing is allocated.
   * @param row values of all features, NaN where missing
   * @param contributions one for each feature
   * @throws {RangeError} when either is of another length
   */
  explain(row: Float32Array, contributions: Float64Array): void;
}

/**
 * Exact path-dependent TreeSHAP: Lundberg, Erion, Lee, "Consistent individualized feature attribution for tree
 * ensembles", 2018. The explainer has a scratch pad of its own: one call at a time.
 * @param output the score that is explained: a class, where there is one score per class
 * @throws {RangeError} when the ensemble has no such output, or a node that no training row reached
 */
export function treeExplainer(ensemble: TreeEnsemble, output = 0): TreeExplainer {
  const { columns, baseScores } = ensemble;
  const start = baseScores[output];
  if (start === undefined) throw new RangeError(`there is no output ${output}, only 0 to ${baseScores.length - 1}`);
  const trees = ensemble.trees.filter((tree) => tree.output === output);
  const path = new ShapPath(Math.max(0, ...trees.map(depthOf)));
  const explained = trees.map((tree) => new ExplainedTree(tree, path));
  return {
    baseValue: explained.reduce((sum, { expected }) => sum + expected, start),
    explain(row, contributions) {
      assertLength('row', row.length, columns);
      assertLength('contributions', contributions.length, columns);
      contributions.fill(0);
      path.begin();
      for (const tree of explained) tree.explain(row, contributions);
    },
  };
}

class ExplainedTree {
  /** the mean value, each leaf weighed with its cover */
  readonly expected: number;
  readonly #tree: Tree;
  readonly #path: ShapPath;
  /** per node, of its parent's training rows */
  readonly #share: Float64Array;
  #row: Float32Array = new Float32Array();
  #contributions: Float64Array = new Float64Array();

  constructor(tree: Tree, path: ShapPath) {
    const { feature, left, right, cover } = tree;
    this.#tree = tree;
    this.#path = path;
    this.#share = new Float64Array(feature.length).fill(1);
    const mean = Float64Array.from(tree.value);
    for (let node = feature.length - 1; node >= 0; node--) {
      if (!(cover[node]! > 0)) throw new RangeError(`node ${node} has the cover ${cover[node]}`);
      if (feature[node]! < 0) continue;
      const children = [left[node]!, right[node]!];
      for (const child of children) this.#share[child] = cover[child]! / cover[node]!;
      mean[node] = children.reduce((sum, child) => sum + this.#share[child]! * mean[child]!, 0);
    }
    this.expected = mean[0]!;
  }

  /** Adds what each feature contributes. The path is at the root. */
  explain(row: Float32Array, contributions: Float64Array): void {
    this.#row = row;
    this.#contributions = contributions;
    this.#visit(0, 0, 1);
  }

  /** @param length of the path at the node */
  #visit(node: number, depth: number, length: number): void {
    const tree = this.#tree;
    const path = this.#path;
    const feature = tree.feature[node]!;
    if (feature < 0) {
      path.attribute(depth, length, tree.value[node]!, this.#contributions);
      return;
    }
    let zero = 1;
    let one = 1;
    let kept = length;
    const earlier = path.find(depth, length, feature);
    if (earlier > 0) {
      zero = path.zeroFraction(depth, earlier);
      one = path.oneFraction(depth, earlier);
      path.unwind(depth, length, earlier);
      kept -= 1;
    }
    const left = tree.left[node]!;
    const right = tree.right[node]!;
    const isLeft = goesLeft(tree, node, this.#row[feature]!);
    path.extend(depth, kept, feature, zero * this.#share[left]!, isLeft ? one : 0);
    this.#visit(left, depth + 1, kept + 1);
    path.extend(depth, kept, feature, zero * this.#share[right]!, isLeft ? 0 : one);
    this.#visit(right, depth + 1, kept + 1);
  }
}

/** Edges from the root to the farthest leaf. */
function depthOf({ feature, left, right }: Tree): number {
  const heights = new Int32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node]! >= 0) heights[node] = 1 + Math.max(heights[left[node]!]!, heights[right[node]!]!);
  }
  return heights[0]!;
}

function assertLength(name: string, length: number, columns: number): void {
  if (length !== columns) throw new RangeError(`the ${name} has ${length} values; the trees know ${columns} features`);
}
