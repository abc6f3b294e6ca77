import type { Column, Reference, ReferenceColumn } from '@kilat/contracts';
import { quantile, type Row } from '../../learning/index.ts';

const BINS = 10;

export interface ReferenceParts {
  readonly columns: readonly Column[];
  /** that the model learnt from */
  readonly training: readonly Row[];
  /** of held-out rows */
  readonly probabilities: Float64Array;
  readonly threshold: number;
  /** the negative class, then the positive one */
  readonly labels: readonly [string, string];
}

/** What a model's rows and answers looked like when it was trained: what later ones are held against. */
export function referenceOf({ columns, training, probabilities, threshold, labels }: ReferenceParts): Reference {
  const positives = probabilities.filter((probability) => probability >= threshold).length;
  const edges = Array.from({ length: BINS - 1 }, (_, index) => (index + 1) / BINS);
  return {
    rows: training.length,
    columns: columns.map((column) => referenceColumn(column, training)),
    label: [
      { label: labels[0], count: probabilities.length - positives },
      { label: labels[1], count: positives },
    ],
    confidence: { edges, counts: countsIn(probabilities, edges) },
  };
}

function referenceColumn(column: Column, rows: readonly Row[]): ReferenceColumn {
  const { name } = column;
  const known = rows.map((row) => row[name] ?? null).filter((cell) => cell !== null);
  const missing = rows.length - known.length;
  if (column.type === 'numeric' || column.type === 'integer') {
    const values = Float64Array.from(known.filter((cell) => typeof cell === 'number')).sort();
    const edges = quantileEdges(values);
    return { kind: 'numeric', column: name, edges, counts: countsIn(values, edges), missing };
  }
  const categories = column.type === 'categorical' ? [...column.categories] : ['false', 'true'];
  const texts = known.map(String);
  const counts = categories.map((category) => texts.filter((text) => text === category).length);
  const others = texts.length - counts.reduce((sum, count) => sum + count, 0);
  return { kind: 'categorical', column: name, categories, counts: [...counts, others], missing };
}

/** Edges that part the values into tenths, as far as equal values allow: bins of equal rows find a shift anywhere. */
function quantileEdges(sorted: Float64Array): number[] {
  if (sorted.length === 0) return [];
  const edges = Array.from({ length: BINS - 1 }, (_, index) => quantile(sorted, (index + 1) / BINS));
  return [...new Set(edges)].filter((edge) => edge < sorted.at(-1)!);
}

/** How many values belong to each bin: to the first whose edge is not below it, and to the last above all edges. */
function countsIn(values: Float64Array, edges: readonly number[]): number[] {
  const counts = new Array<number>(edges.length + 1).fill(0);
  for (const value of values) {
    const bin = edges.findIndex((edge) => value <= edge);
    counts[bin < 0 ? edges.length : bin]! += 1;
  }
  return counts;
}
