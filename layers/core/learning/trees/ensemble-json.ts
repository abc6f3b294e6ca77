import type { TreeEnsemble } from './ensemble.ts';
import type { Tree } from './tree.ts';

/** An ensemble as it is kept beside its ONNX file: what an explanation needs and ONNX does not hold is the cover. */
export interface EnsembleJson {
  readonly link: TreeEnsemble['link'];
  readonly columns: number;
  readonly baseScores: readonly number[];
  readonly trees: readonly TreeJson[];
}

type TreeJson = { readonly [Key in keyof Tree]: Tree[Key] extends number ? number : readonly number[] };

export function ensembleToJson({ link, columns, baseScores, trees }: TreeEnsemble): EnsembleJson {
  return { link, columns, baseScores: [...baseScores], trees: trees.map(treeToJson) };
}

const treeToJson = ({ output, feature, threshold, left, right, missingLeft, value, cover }: Tree): TreeJson => ({
  output,
  feature: [...feature],
  threshold: [...threshold],
  left: [...left],
  right: [...right],
  missingLeft: [...missingLeft],
  value: [...value],
  cover: [...cover],
});

/**
 * What ensembleToJson wrote.
 * @throws {RangeError} when a tree is none: other lengths, a child before its parent, an unknown feature or output
 */
export function ensembleFromJson({ link, columns, baseScores, trees }: EnsembleJson): TreeEnsemble {
  const ensemble = { link, columns, baseScores: Float32Array.from(baseScores), trees: trees.map(treeFromJson) };
  for (const [index, tree] of ensemble.trees.entries()) assertTree(tree, index, ensemble);
  return ensemble;
}

const treeFromJson = (tree: TreeJson): Tree => ({
  output: tree.output,
  feature: Int32Array.from(tree.feature),
  threshold: Float32Array.from(tree.threshold),
  left: Int32Array.from(tree.left),
  right: Int32Array.from(tree.right),
  missingLeft: Uint8Array.from(tree.missingLeft),
  value: Float32Array.from(tree.value),
  cover: Float64Array.from(tree.cover),
});

/** A walk from the root then ends, at a leaf, and reads no feature that is not there. */
function assertTree(tree: Tree, index: number, { columns, baseScores }: TreeEnsemble): void {
  const { output, feature, threshold, left, right, missingLeft, value, cover } = tree;
  const nodes = feature.length;
  if (nodes === 0) throw new RangeError(`tree ${index} has no node`);
  if ([threshold, left, right, missingLeft, value, cover].some(({ length }) => length !== nodes)) {
    throw new RangeError(`tree ${index} has columns of different lengths`);
  }
  if (!(output in baseScores)) throw new RangeError(`tree ${index} adds to output ${output}, of ${baseScores.length}`);
  for (let node = 0; node < nodes; node++) {
    if (feature[node]! < 0) continue;
    if (feature[node]! >= columns)
      throw new RangeError(`tree ${index} looks at feature ${feature[node]}, of ${columns}`);
    for (const child of [left[node]!, right[node]!]) {
      if (child > node && child < nodes) continue;
      throw new RangeError(`tree ${index} has the child ${child} under node ${node}, not ${node + 1} to ${nodes - 1}`);
    }
  }
}
