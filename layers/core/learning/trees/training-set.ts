import type { Matrix } from '../matrix.ts';

/** Labelled rows that a classifier learns from. */
export interface TrainingSet {
  readonly features: Matrix;
  /** class of each row, 0 to classes - 1 */
  readonly labels: ArrayLike<number>;
  readonly classes: number;
  /** what a row counts for, as if it came so often; every row alike where absent */
  readonly sampleWeights?: ArrayLike<number>;
}

/**
 * @throws {RangeError} when a row lacks its label or weight, a label or a weight is none, a class has no rows that
 *   count, or a feature is infinite
 */
export function assertTrainingSet({ features, labels, classes, sampleWeights }: TrainingSet): void {
  const { rows, columns, values } = features;
  if (!Number.isInteger(classes) || classes < 2) throw new RangeError(`there are ${classes} classes, not 2 or more`);
  if (columns < 1) throw new RangeError('there is no feature');
  if (values.length !== rows * columns) {
    throw new RangeError(`${rows} x ${columns} features are ${rows * columns} values, not ${values.length}`);
  }
  if (labels.length !== rows) throw new RangeError(`there are ${rows} rows and ${labels.length} labels`);
  if (sampleWeights && sampleWeights.length !== rows) {
    throw new RangeError(`there are ${rows} rows and ${sampleWeights.length} sample weights`);
  }
  assertLabels(labels, classes, sampleWeights);
  const infinite = values.findIndex((value) => value === Infinity || value === -Infinity);
  if (infinite >= 0) throw new RangeError(`row ${Math.floor(infinite / columns)} has the value ${values[infinite]}`);
}

function assertLabels(labels: ArrayLike<number>, classes: number, weights?: ArrayLike<number>): void {
  const mass = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i]!;
    const weight = weights ? weights[i]! : 1;
    if (!(Number.isInteger(label) && label >= 0 && label < classes)) {
      throw new RangeError(`row ${i} has the label ${label}, not 0 to ${classes - 1}`);
    }
    if (!(weight >= 0 && weight < Infinity)) throw new RangeError(`row ${i} has the sample weight ${weight}`);
    mass[label]! += weight;
  }
  const absent = mass.indexOf(0);
  if (absent >= 0) throw new RangeError(`class ${absent} has no row that counts`);
}

/** What a class counts for: a factor for each, or such that all classes together weigh the same. */
export type ClassWeights = 'balanced' | readonly number[];

/**
 * The weight of each row: its own times its class's. Balanced is n / (classes * n_k), as scikit-learn has it.
 * @throws {RangeError} when there are not as many class weights as classes, or one is negative
 */
export function rowWeights({ labels, classes, sampleWeights }: TrainingSet, classWeights?: ClassWeights): Float64Array {
  const factors = classWeights === 'balanced' ? balanced(labels, classes) : classWeights;
  if (factors && (factors.length !== classes || !factors.every((factor) => factor > 0 && factor < Infinity))) {
    throw new RangeError(`the class weights [${factors}] are not ${classes} positive numbers`);
  }
  return Float64Array.from(
    { length: labels.length },
    (_, row) => (sampleWeights?.[row] ?? 1) * (factors?.[labels[row]!] ?? 1),
  );
}

function balanced(labels: ArrayLike<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0);
  for (let i = 0; i < labels.length; i++) counts[labels[i]!]! += 1;
  return counts.map((count) => labels.length / (classes * count));
}
