import { type Cell, type RankedRows, rankRows, rocAuc } from '../../learning/index.ts';

/** A column and the outcome of its rows. */
export interface ColumnAndTarget {
  readonly cells: readonly Cell[];
  /** 1 for the positive class */
  readonly labels: Uint8Array;
}

/** Numbers of so few values are looked at as codes too, which need not rise with the target. */
const MAX_CODES = 20;

/**
 * How well a column by itself tells the classes apart: the area under its ROC curve, whichever way round. Text is
 * scored by each value's rate in the other half of the rows, so that a column of ids, which tells its own rows apart and
 * no others, is no leak; a copy of the target under other names is 1.
 * @returns 0.5 to 1; 0.5 where one of the classes has no rows
 */
export function separation({ cells, labels }: ColumnAndTarget): number {
  const known = cells.filter((cell) => cell !== null);
  const numbers = known.length > 0 && known.every((cell) => typeof cell === 'number');
  const scores = [missingness(cells)];
  if (numbers) scores.push(orderOf(cells));
  if (!numbers || new Set(known).size <= MAX_CODES) scores.push(crossFittedRates({ cells, labels }));
  return Math.max(...scores.map((score) => eitherWay(labels, score)));
}

const eitherWay = (labels: Uint8Array, scores: Float64Array): number => {
  const area = areaUnder(rankRows(labels, scores));
  return Math.max(area, 1 - area);
};

const areaUnder = (ranked: RankedRows): number => rocAuc(ranked) ?? 0.5;

const missingness = (cells: readonly Cell[]): Float64Array =>
  Float64Array.from(cells, (cell) => (cell === null ? 1 : 0));

/** A missing number stands in the middle, where it says nothing. */
function orderOf(cells: readonly Cell[]): Float64Array {
  const sorted = Float64Array.from(cells.filter((cell) => typeof cell === 'number')).sort();
  const middle = sorted[Math.floor(sorted.length / 2)]!;
  return Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : middle));
}

/** The positive rate of each row's value among the rows of the other half: even rows and odd. */
function crossFittedRates({ cells, labels }: ColumnAndTarget): Float64Array {
  const halves = [new Map<Cell, Tally>(), new Map<Cell, Tally>()];
  const totals = [0, 1].map((): Tally => ({ rows: 0, positives: 0 }));
  cells.forEach((cell, row) => {
    const half = halves[row % 2]!;
    const tally = half.get(cell) ?? { rows: 0, positives: 0 };
    half.set(cell, tally);
    for (const count of [tally, totals[row % 2]!]) {
      count.rows += 1;
      count.positives += labels[row]!;
    }
  });
  return Float64Array.from(cells, (cell, row) => {
    const other = (row + 1) % 2;
    const { rows, positives } = halves[other]!.get(cell) ?? totals[other]!;
    return rows === 0 ? 0 : positives / rows;
  });
}

interface Tally {
  rows: number;
  positives: number;
}
