import type { TableSchema } from '@kilat/contracts';
import { logit } from '../log-odds.ts';
import type { Matrix } from '../matrix.ts';
import type { Candidate, TabularModel } from '../selection/candidate.ts';
import { type EncoderState, encode, fitEncoder } from '../table/encoder.ts';
import { rawScores, type TreeEnsemble } from './ensemble.ts';
import { withExactSums } from './exact-sums.ts';
import type { TrainingSet } from './training-set.ts';

/** Trees with the encoder that they were grown behind. */
export interface TreeTabularModel extends TabularModel {
  readonly encoder: EncoderState;
  readonly classifier: TreeEnsemble;
}

/** A forest may be unanimous, which no log-odds can say: its probabilities keep this far from 0 and 1. */
export const FOREST_MARGIN = 1e-6;

/** Log-odds of the positive class, of boosted trees as of a forest. */
export function treeLogOdds(ensemble: TreeEnsemble, matrix: Matrix): Float64Array {
  const scores = rawScores(ensemble, matrix);
  if (ensemble.link === 'logit') return scores;
  return scores.map((probability) => logit(Math.min(Math.max(probability, FOREST_MARGIN), 1 - FOREST_MARGIN)));
}

/**
 * A candidate of trees, their sums exact in onnxruntime; the encoder is learnt of the same training rows.
 * @param grow as `(set) => fitGradientBoosting(set, settings)`
 */
export const treeCandidate = (
  schema: TableSchema,
  { name, params }: Pick<Candidate, 'name' | 'params'>,
  grow: (set: TrainingSet) => TreeEnsemble,
): Candidate<TreeTabularModel> => ({
  name,
  params,
  fit: ({ rows, labels }) => {
    const encoder = fitEncoder(schema, rows);
    const ensemble = grow({ features: encode(encoder, rows), labels, classes: 2 });
    return treeTabularModel(encoder, withExactSums(ensemble));
  },
});

/** The model of its data, as when it is read from a file. */
export const treeTabularModel = (encoder: EncoderState, classifier: TreeEnsemble): TreeTabularModel => ({
  encoder,
  classifier,
  logOdds: (rows) => treeLogOdds(classifier, encode(encoder, rows)),
});
