import { ML_DOMAIN, type OnnxNode } from '../../onnx/index.ts';
import type { TreeEnsemble } from './ensemble.ts';
import type { Tree } from './tree.ts';

/**
 * The ensemble as one TreeEnsembleRegressor of ai.onnx.ml: raw scores [N, outputs] from features [N, columns], both
 * FP32. onnxruntime sums in float32. Source: https://onnx.ai/onnx/operators/onnx_aionnxml_TreeEnsembleRegressor.html
 * @param input value to take features from
 * @param output value to give scores to
 */
export function treeEnsembleNode({ baseScores, trees }: TreeEnsemble, input: string, output: string): OnnxNode {
  const nodes = trees.flatMap((tree, id) => nodesOf(tree, id));
  const leaves = nodes.filter(({ isLeaf }) => isLeaf);
  return {
    opType: 'TreeEnsembleRegressor',
    domain: ML_DOMAIN,
    inputs: [input],
    outputs: [output],
    attributes: {
      aggregate_function: { string: 'SUM' },
      base_values: { floats: baseScores },
      n_targets: { int: baseScores.length },
      post_transform: { string: 'NONE' },
      nodes_treeids: { ints: nodes.map(({ tree }) => tree) },
      nodes_nodeids: { ints: nodes.map(({ node }) => node) },
      nodes_modes: { strings: nodes.map(({ isLeaf }) => (isLeaf ? 'LEAF' : 'BRANCH_LEQ')) },
      nodes_featureids: { ints: nodes.map(({ feature }) => feature) },
      nodes_values: { floats: nodes.map(({ threshold }) => threshold) },
      nodes_truenodeids: { ints: nodes.map(({ left }) => left) },
      nodes_falsenodeids: { ints: nodes.map(({ right }) => right) },
      nodes_missing_value_tracks_true: { ints: nodes.map(({ missingLeft }) => missingLeft) },
      target_treeids: { ints: leaves.map(({ tree }) => tree) },
      target_nodeids: { ints: leaves.map(({ node }) => node) },
      target_ids: { ints: leaves.map(({ output }) => output) },
      target_weights: { floats: leaves.map(({ value }) => value) },
    },
  };
}

/** The operator wants a number in every column, of leaves too: 0, which it does not read. */
function nodesOf(tree: Tree, id: number) {
  return Array.from(tree.feature, (feature, node) => {
    const isLeaf = feature < 0;
    return {
      tree: id,
      node,
      isLeaf,
      feature: isLeaf ? 0 : feature,
      threshold: tree.threshold[node]!,
      left: isLeaf ? 0 : tree.left[node]!,
      right: isLeaf ? 0 : tree.right[node]!,
      missingLeft: tree.missingLeft[node]!,
      output: tree.output,
      value: tree.value[node]!,
    };
  });
}
