import type { TableSchema } from '@kilat/contracts';
import type { Candidate, TabularModel } from '../selection/candidate.ts';
import { type EncoderState, encode, fitEncoder } from '../table/encoder.ts';
import { fitLogistic, type LogisticModel, logisticLogOdds } from './logistic.ts';
import type { PenaltyOptions } from './penalty.ts';

/** Logistic regression with the encoder that it was trained behind. */
export interface LogisticTabularModel extends TabularModel {
  readonly encoder: EncoderState;
  readonly classifier: LogisticModel;
}

/** A candidate named for its `C`; encoder and weights are learnt of the same training rows. */
export const logisticCandidate = (
  schema: TableSchema,
  { C = 1, classWeights }: PenaltyOptions = {},
): Candidate<LogisticTabularModel> => ({
  name: `logistic C=${C}${classWeights ? ' weighted' : ''}`,
  params: { model: 'logistic', C, ...(classWeights ? { classWeights: String(classWeights) } : {}) },
  fit: ({ rows, labels }) => {
    const encoder = fitEncoder(schema, rows);
    const penalty = { C, ...(classWeights ? { classWeights } : {}) };
    const set = { features: encode(encoder, rows), labels, classes: 2 };
    return logisticTabularModel(encoder, fitLogistic(set, penalty));
  },
});

/** The model of its data, as when it is read from a file. */
export const logisticTabularModel = (encoder: EncoderState, classifier: LogisticModel): LogisticTabularModel => ({
  encoder,
  classifier,
  logOdds: (rows) => logisticLogOdds(classifier, encode(encoder, rows)),
});
