import { quantile } from '../metrics/bootstrap.ts';
import { assertProbabilities } from '../metrics/probability-error.ts';

export type Segment = 'low' | 'medium' | 'high';

/** Where the segments meet: high from `high` up, medium from `medium` up, low below. */
export interface SegmentCuts {
  readonly medium: number;
  readonly high: number;
}

/** How many rows are to be in the upper segments, as shares of all. */
export interface SegmentShares {
  readonly medium: number;
  readonly high: number;
}

/**
 * Cuts that put the given shares of the rows into the segments, as far as equal probabilities allow.
 * @param probabilities of rows that the model did not learn from
 * @throws {RangeError} when there are none, or the shares are not above 0 and together below 1
 */
export function segmentCuts(probabilities: Float64Array, { medium, high }: SegmentShares): SegmentCuts {
  if (probabilities.length === 0) throw new RangeError('no probabilities to cut into segments');
  if (!(medium > 0 && high > 0 && medium + high < 1)) {
    throw new RangeError(`shares ${medium} and ${high}; expected numbers above 0 that are together below 1`);
  }
  assertProbabilities(probabilities);
  const sorted = probabilities.toSorted();
  return { medium: quantile(sorted, 1 - medium - high), high: quantile(sorted, 1 - high) };
}

export function segmentOf({ medium, high }: SegmentCuts, probability: number): Segment {
  if (probability >= high) return 'high';
  return probability >= medium ? 'medium' : 'low';
}

export interface SegmentSummary {
  readonly segment: Segment;
  readonly rows: number;
  /** what is undefined has no rows */
  readonly meanProbability: number | undefined;
  /** the share that is positive */
  readonly positiveRate: number | undefined;
}

/** What became of each segment's rows: a segmentation that is worth something has rates that rise. */
export function segmentSummaries(cuts: SegmentCuts, labels: Uint8Array, probabilities: Float64Array): SegmentSummary[] {
  if (labels.length !== probabilities.length) {
    throw new RangeError(`${labels.length} labels for ${probabilities.length} probabilities`);
  }
  const segments = Array.from(probabilities, (probability) => segmentOf(cuts, probability));
  const meanIn = (segment: Segment, values: ArrayLike<number>, rows: number): number | undefined =>
    rows === 0 ? undefined : segments.reduce((sum, of, i) => (of === segment ? sum + values[i]! : sum), 0) / rows;
  return (['low', 'medium', 'high'] as const).map((segment) => {
    const rows = segments.filter((of) => of === segment).length;
    const meanProbability = meanIn(segment, probabilities, rows);
    return { segment, rows, meanProbability, positiveRate: meanIn(segment, labels, rows) };
  });
}
