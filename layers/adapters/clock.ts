import { v7 } from 'uuid';

/** Milliseconds of a clock that never goes back. */
export const timer = (): number => performance.now();

/** A UUIDv7: ids of one process sort in the order in which they were made, within one millisecond too. */
export const newPredictionId = (): string => v7();
