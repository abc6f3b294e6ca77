import type { LogisticModel } from '../linear/logistic.ts';
import { type TreeEnsemble, treeEnsembleNode } from '../trees/index.ts';
import { FOREST_MARGIN } from '../trees/tree-candidate.ts';
import { castNode, doubles, integers, node, type OnnxPart } from './onnx-part.ts';

/** What turns features into log-odds of the positive class. */
export type TabularClassifier = LogisticModel | TreeEnsemble;

/**
 * A classifier as nodes.
 * @param input features, FP32 [N, features]
 * @param output log-odds, FP64 [N]
 * @throws {RangeError} when trees have more than the one output that two classes need
 */
export function onnxClassifier(classifier: TabularClassifier, input: string, output: string): OnnxPart {
  const { nodes, initializers } = 'trees' in classifier ? treePart(classifier, input) : logisticPart(classifier, input);
  return {
    nodes: [...nodes, node('Reshape', [nodes.at(-1)!.outputs[0]!, '/one_axis'], output)],
    initializers: [...initializers, integers('/one_axis', [-1])],
  };
}

/** In FP64, as training sums: in float32 an isotonic curve behind it could not be met. */
const logisticPart = ({ weights, intercept }: LogisticModel, input: string): OnnxPart => ({
  nodes: [
    castNode(input, '/features_fp64', 'FP64'),
    node('MatMul', ['/features_fp64', '/weights'], '/weighted'),
    node('Add', ['/weighted', '/intercept'], '/scores'),
  ],
  initializers: [doubles('/weights', weights, [weights.length, 1]), doubles('/intercept', [intercept], [])],
});

function treePart(ensemble: TreeEnsemble, input: string): OnnxPart {
  if (ensemble.baseScores.length !== 1) {
    throw new RangeError(`the trees have ${ensemble.baseScores.length} outputs; two classes need one`);
  }
  const trees = [treeEnsembleNode(ensemble, input, '/tree_scores'), castNode('/tree_scores', '/tree_fp64', 'FP64')];
  if (ensemble.link === 'logit') return { nodes: trees, initializers: [] };
  return {
    nodes: [
      ...trees,
      node('Clip', ['/tree_fp64', '/least', '/most'], '/vote'),
      node('Sub', ['/unit', '/vote'], '/vote_against'),
      node('Div', ['/vote', '/vote_against'], '/odds'),
      node('Log', ['/odds'], '/log_of_odds'),
    ],
    initializers: [
      doubles('/least', [FOREST_MARGIN], []),
      doubles('/most', [1 - FOREST_MARGIN], []),
      doubles('/unit', [1], []),
    ],
  };
}
