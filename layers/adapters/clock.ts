import { setTimeout } from 'node:timers/promises';
import { v7 } from 'uuid';

/** The time of day, in epoch milliseconds. */
export const now = (): number => Date.now();

/** Milliseconds of a clock that never goes back. */
export const timer = (): number => performance.now();

/** A UUIDv7: ids of one process sort in the order in which they were made, within one millisecond too. */
export const newPredictionId = (): string => v7();

export const pause = (ms: number): Promise<void> => setTimeout(ms);
