import type { Matrix } from '../matrix.ts';

/** A binary decision tree, node by node; node 0 is the root, and children come after their parents. */
export interface Tree {
  /** which of its ensemble's outputs the tree adds to */
  readonly output: number;
  /** the column that a node looks at; -1 at a leaf */
  readonly feature: Int32Array;
  /** a value up to this goes left */
  readonly threshold: Float32Array;
  /** child nodes; -1 at a leaf */
  readonly left: Int32Array;
  readonly right: Int32Array;
  /** 1 where a missing value goes left, else 0 */
  readonly missingLeft: Uint8Array;
  /** what a leaf adds to the output; 0 elsewhere */
  readonly value: Float32Array;
  /** the weight of the training rows that came by: with ours, how many */
  readonly cover: Float64Array;
}

/** Whether a value goes left at a node. */
export function goesLeft({ threshold, missingLeft }: Tree, node: number, value: number): boolean {
  return Number.isNaN(value) ? missingLeft[node] === 1 : value <= threshold[node]!;
}

/** Adds the tree's value for each row to its output's score. @param scores row-major, rows x outputs */
export function addTree(tree: Tree, { rows, columns, values }: Matrix, scores: Float64Array, outputs: number): void {
  const { feature, left, right, value, output } = tree;
  for (let row = 0; row < rows; row++) {
    let node = 0;
    while (feature[node]! >= 0) {
      const isLeft = goesLeft(tree, node, values[row * columns + feature[node]!]!);
      node = isLeft ? left[node]! : right[node]!;
    }
    scores[row * outputs + output]! += value[node]!;
  }
}
