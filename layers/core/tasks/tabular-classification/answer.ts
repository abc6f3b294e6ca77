import type { Explanation, Instance, Segment } from '@kilat/contracts';
import { segmentOf } from '../../learning/decision/segments.ts';
import type { TabularClassifier } from './classifier.ts';

/** What the model says of one row. */
export interface InstanceAnswer {
  /** the positive class from the decision threshold up */
  readonly label: string;
  /** of the positive class, calibrated */
  readonly probability: number;
  readonly segment: Segment;
  readonly explanation?: Explanation;
}

export interface AnswerOptions {
  readonly explain: boolean;
}

/**
 * Predicts rows in one run of the model, in their order.
 * @param rows that the model's table allows
 */
export async function answerInstances(
  model: TabularClassifier,
  rows: readonly Instance[],
  { explain }: AnswerOptions,
): Promise<InstanceAnswer[]> {
  const { probabilities, log_odds } = await model.run(rows);
  return rows.map((row, index) => ({
    ...decided(model, probabilities[index]!),
    ...(explain && { explanation: model.explain(row, log_odds[index]!) }),
  }));
}

function decided({ manifest: { table, postprocessing } }: TabularClassifier, found: number) {
  const { classes, positive_class } = table.target;
  const negative = classes.find((name) => name !== positive_class)!;
  const probability = Math.min(Math.max(found, 0), 1); // float32 may round a sum above 1
  return {
    label: probability >= postprocessing.decision_threshold ? positive_class : negative,
    probability,
    segment: segmentOf(postprocessing.segments, probability),
  };
}
