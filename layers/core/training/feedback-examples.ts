import type { Row } from '../learning/index.ts';
import type { ModelRef } from '../registry/index.ts';

/** A photo or row whose right label a user told, as a row of the model's dataset. */
export interface FeedbackExample {
  readonly row: Row;
  /** whether it is kept apart: models are held against it, and none learns from it */
  readonly heldOut: boolean;
}

/** What users corrected of a model's predictions, the last word of each; in the same order whenever nothing changed. */
export type ReadFeedback = (ref: ModelRef) => Promise<readonly FeedbackExample[]>;
