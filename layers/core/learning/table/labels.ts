import type { TableTarget } from '@kilat/contracts';
import type { Row } from './row.ts';

/**
 * The outcomes of rows as the indexes of their classes.
 * @throws {RangeError} when a row has no target, or one that is none of the classes
 */
export function classLabels(target: TableTarget, rows: readonly Row[]): Uint8Array {
  if (target.classes.length > 256) throw new RangeError(`${target.classes.length} classes; at most 256 are allowed`);
  return Uint8Array.from(rows, (row, index) => {
    const label = target.classes.indexOf(String(row[target.column] ?? ''));
    if (label === -1) throw unknownClass(target, row, index);
    return label;
  });
}

/**
 * The outcomes of rows: 1 for the positive class, 0 for the other.
 * @throws {RangeError} when there are more than two classes, or as in {@link classLabels}
 */
export function binaryLabels(target: TableTarget, rows: readonly Row[]): Uint8Array {
  if (target.classes.length !== 2) throw new RangeError(`${target.classes.length} classes; two are allowed`);
  const positive = target.classes.indexOf(target.positive_class);
  return classLabels(target, rows).map((label) => (label === positive ? 1 : 0));
}

function unknownClass({ column, classes }: TableTarget, row: Row, index: number): RangeError {
  const found = row[column] === undefined ? 'nothing' : JSON.stringify(row[column]);
  return new RangeError(`row ${index} has ${found} in the target '${column}'; allowed are ${classes.join(', ')}`);
}
