import { v7 } from 'uuid';

/** The only place that asks what time it is. */
export const clock = {
  /** epoch milliseconds */
  now: (): number => Date.now(),
  /** milliseconds of a clock that never goes back */
  timer: (): number => performance.now(),
};

/** A UUIDv7: ids of one process sort in the order in which they were made, within one millisecond too. */
export const newPredictionId = (): string => v7();
