import type { Counts } from './ranked-rows.ts';

/** Rows by class (first index) and by the class they were called (second index). */
export type ConfusionMatrix = readonly (readonly number[])[];

export interface Classified {
  /** class of each row, 0 to classes - 1 */
  readonly labels: ArrayLike<number>;
  /** what each was called */
  readonly predicted: ArrayLike<number>;
  readonly classes: number;
}

/** @throws {RangeError} when lengths differ, or a class is not among 0 to classes - 1 */
export function confusionMatrix({ labels, predicted, classes }: Classified, counts?: Counts): ConfusionMatrix {
  if (labels.length !== predicted.length) {
    throw new RangeError(`${labels.length} labels for ${predicted.length} predictions`);
  }
  const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  for (let i = 0; i < labels.length; i++) {
    const row = matrix[labels[i]!];
    const column = predicted[i]!;
    if (row?.[column] === undefined) {
      throw new RangeError(`class ${labels[i]} called ${column} at ${i}; allowed are 0 to ${classes - 1}`);
    }
    row[column]! += counts ? counts[i]! : 1;
  }
  return matrix;
}

/** What is undefined has no rows to be measured on. */
export interface ClassReport {
  /** the share of the rows called so that are so; undefined where none was called so */
  readonly precision: number | undefined;
  /** the share of the rows that are so that were called so; undefined where none is so */
  readonly recall: number | undefined;
  /** 2 TP / (2 TP + FP + FN); undefined where none is so, nor was called so */
  readonly f1: number | undefined;
  /** rows that are so */
  readonly support: number;
}

/** Precision, recall and F1 of each class. Source: C. van Rijsbergen, "Information retrieval", 2nd ed. 1979. */
export const classReports = (matrix: ConfusionMatrix): ClassReport[] =>
  matrix.map((row, index) => {
    const right = row[index]!;
    const support = sum(row);
    const called = sum(matrix.map((other) => other[index]!));
    return {
      precision: share(right, called),
      recall: share(right, support),
      f1: share(2 * right, support + called),
      support,
    };
  });

/** The share of rows called what they are. @returns nothing where there are no rows */
export const accuracy = (matrix: ConfusionMatrix): number | undefined =>
  share(sum(matrix.map((row, index) => row[index]!)), sum(matrix.map(sum)));

type Averaged = 'precision' | 'recall' | 'f1';

/**
 * The mean over the classes that are among the labels or the predictions, each weighing the same; what is undefined
 * counts as 0, as scikit-learn's average='macro' with zero_division=0.
 */
export function macroAverage(reports: readonly ClassReport[], of: Averaged): number | undefined {
  const seen = reports.filter(({ f1 }) => f1 !== undefined);
  return share(sum(seen.map((report) => report[of] ?? 0)), seen.length);
}

/** The mean over the classes, each weighing as many rows as it has, as scikit-learn's average='weighted'. */
export const weightedAverage = (reports: readonly ClassReport[], of: Averaged): number | undefined =>
  share(sum(reports.map((report) => (report[of] ?? 0) * report.support)), sum(reports.map(({ support }) => support)));

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const share = (part: number, whole: number): number | undefined => (whole === 0 ? undefined : part / whole);
