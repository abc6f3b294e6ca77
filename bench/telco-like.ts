import { type Matrix, seededRandom, type TrainingSet } from '@kilat/core/learning';

/** As many rows and encoded columns as IBM's Telco customer churn has: three of numbers, the others 0 or 1. */
const ROWS = 7043;
const COLUMNS = 45;
const NUMERIC = 3;

export interface Split {
  readonly training: TrainingSet;
  readonly test: TrainingSet;
}

/** Synthetic customers, a fifth of them held out; about 27 in 100 leave. */
export function telcoLike(seed: number): Split {
  const random = seededRandom(seed);
  const values = new Float32Array(ROWS * COLUMNS);
  const labels = new Uint8Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    let logOdds = -1.1;
    for (let column = 0; column < COLUMNS; column++) {
      const value = column < NUMERIC ? random.normal() : random.int(2);
      values[row * COLUMNS + column] = value;
      logOdds += column < NUMERIC ? 0.6 * value : 0.25 * ((column % 5) - 2) * (value - 0.5);
    }
    labels[row] = Number(random.next() < 1 / (1 + Math.exp(-logOdds)));
  }
  const held = Math.round(ROWS / 5);
  return { training: rowsFrom({ values, labels }, held, ROWS), test: rowsFrom({ values, labels }, 0, held) };
}

function rowsFrom(
  { values, labels }: { values: Float32Array; labels: Uint8Array },
  start: number,
  end: number,
): TrainingSet {
  const features: Matrix = {
    rows: end - start,
    columns: COLUMNS,
    values: values.slice(start * COLUMNS, end * COLUMNS),
  };
  return { features, labels: labels.slice(start, end), classes: 2 };
}
