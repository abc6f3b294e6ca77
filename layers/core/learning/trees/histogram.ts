import type { BinnedMatrix } from './bins.ts';

/** Per bin: the sum of gradients, the sum of hessians, the number of rows. */
export const CELL = 3;

/** Where a row is in which leaf, and what the loss says of it. */
export interface RowStatistics {
  /** rows of the tree; those of a node lie side by side */
  readonly order: Uint32Array;
  /** first derivative of the loss by the raw score, per row of the matrix */
  readonly gradients: Float32Array;
  /** second derivative */
  readonly hessians: Float32Array;
}

/** Sums of statistics over the rows of a node, per bin of every feature. */
export class HistogramBuilder {
  readonly #matrix: BinnedMatrix;
  readonly #size: number;
  readonly #free: Float64Array[] = [];
  /** statistics of a node's rows side by side: read once per column, gathered once per node */
  readonly #gradients: Float32Array;
  readonly #hessians: Float32Array;

  constructor(matrix: BinnedMatrix) {
    this.#matrix = matrix;
    this.#size = CELL * matrix.offsets.at(-1)!;
    this.#gradients = new Float32Array(matrix.rows);
    this.#hessians = new Float32Array(matrix.rows);
  }

  /** A histogram whose cells may hold anything. Give it back when it is no longer read. */
  take(): Float64Array {
    return this.#free.pop() ?? new Float64Array(this.#size);
  }

  giveBack(histogram: Float64Array | undefined): void {
    if (histogram) this.#free.push(histogram);
  }

  /** Fills the cells of the features with the rows from start to end of the order; all other cells stay as they are. */
  fill(
    histogram: Float64Array,
    features: Int32Array,
    { order, gradients, hessians }: RowStatistics,
    start: number,
    end: number,
  ): void {
    const rows = order.subarray(start, end);
    for (let i = 0; i < rows.length; i++) {
      this.#gradients[i] = gradients[rows[i]!]!;
      this.#hessians[i] = hessians[rows[i]!]!;
    }
    const columns = Array.from(features, (feature) => this.#column(feature));
    for (const { from, to } of columns) histogram.fill(0, from, to);
    let done = 0;
    for (; done + 4 <= columns.length; done += 4) {
      const [a, b, c, d] = columns.slice(done, done + 4) as [Column, Column, Column, Column];
      addToFour(histogram, rows, this.#gradients, this.#hessians, a, b, c, d);
    }
    for (const column of columns.slice(done)) addToOne(histogram, rows, this.#gradients, this.#hessians, column);
  }

  #column(feature: number): Column {
    const { rows, bins, offsets } = this.#matrix;
    return {
      bins: bins.subarray(feature * rows, (feature + 1) * rows),
      from: CELL * offsets[feature]!,
      to: CELL * offsets[feature + 1]!,
    };
  }
}

/** The bins of a feature by row, and where its cells are. */
interface Column {
  readonly bins: Uint8Array;
  readonly from: number;
  readonly to: number;
}

function addToOne(
  cells: Float64Array,
  rows: Uint32Array,
  gradients: Float32Array,
  hessians: Float32Array,
  { bins, from }: Column,
): void {
  for (let i = 0; i < rows.length; i++) {
    const cell = from + CELL * bins[rows[i]!]!;
    cells[cell]! += gradients[i]!;
    cells[cell + 1]! += hessians[i]!;
    cells[cell + 2]! += 1;
  }
}

/**
 * Four columns in one go: 1.7 times as fast, because an addition to a cell has to wait for the one before it to the same
 * cell, and the processor fills the wait with those to other columns.
 */
function addToFour(
  cells: Float64Array,
  rows: Uint32Array,
  gradients: Float32Array,
  hessians: Float32Array,
  { bins: binsA, from: fromA }: Column,
  { bins: binsB, from: fromB }: Column,
  { bins: binsC, from: fromC }: Column,
  { bins: binsD, from: fromD }: Column,
): void {
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i]!;
    const gradient = gradients[i]!;
    const hessian = hessians[i]!;
    const a = fromA + CELL * binsA[row]!;
    cells[a]! += gradient;
    cells[a + 1]! += hessian;
    cells[a + 2]! += 1;
    const b = fromB + CELL * binsB[row]!;
    cells[b]! += gradient;
    cells[b + 1]! += hessian;
    cells[b + 2]! += 1;
    const c = fromC + CELL * binsC[row]!;
    cells[c]! += gradient;
    cells[c + 1]! += hessian;
    cells[c + 2]! += 1;
    const d = fromD + CELL * binsD[row]!;
    cells[d]! += gradient;
    cells[d + 1]! += hessian;
    cells[d + 2]! += 1;
  }
}

/** What the larger of two siblings has: its parent's histogram, less the smaller's. */
export function subtract(parent: Float64Array, sibling: Float64Array): void {
  for (let i = 0; i < parent.length; i++) parent[i]! -= sibling[i]!;
}
