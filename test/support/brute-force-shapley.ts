import type { Tree } from '@kilat/core/learning';

/**
 * Shapley values by their definition, over all subsets of the features that a tree looks at: a feature outside a subset
 * goes both ways, each weighed with its cover. Source: Lundberg, Erion, Lee 2018, equation 2 and algorithm 1.
 */
export function bruteForceShapley(tree: Tree, row: Float32Array): Float64Array {
  const used = [...new Set(tree.feature.filter((column) => column >= 0))];
  const values = Float64Array.from({ length: 2 ** used.length }, (_, subset) => expectedValue(tree, row, used, subset));
  const contributions = new Float64Array(row.length);
  for (const [place, column] of used.entries()) {
    for (let subset = 0; subset < values.length; subset++) {
      if (subset & (1 << place)) continue;
      const size = [...subset.toString(2)].filter((digit) => digit === '1').length;
      const weight = (factorial(size) * factorial(used.length - size - 1)) / factorial(used.length);
      contributions[column]! += weight * (values[subset | (1 << place)]! - values[subset]!);
    }
  }
  return contributions;
}

/** What the tree is expected to say when only the features of the subset are known. */
function expectedValue(tree: Tree, row: Float32Array, used: readonly number[], subset: number, node = 0): number {
  const column = tree.feature[node]!;
  if (column < 0) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  const at = (child: number): number => expectedValue(tree, row, used, subset, child);
  if (subset & (1 << used.indexOf(column))) {
    const value = row[column]!;
    const isLeft = Number.isNaN(value) ? tree.missingLeft[node] === 1 : value <= tree.threshold[node]!;
    return at(isLeft ? left : right);
  }
  return (tree.cover[left]! * at(left) + tree.cover[right]! * at(right)) / tree.cover[node]!;
}

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
