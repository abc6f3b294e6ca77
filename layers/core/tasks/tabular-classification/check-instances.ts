import type { FieldError, Instance, InstanceWarning, TableSchema } from '@kilat/contracts';
import { InvalidInstancesError } from '../../errors.ts';
import { rowChecker } from '../../learning/table/validate-rows.ts';

/** What is wrong with one row, and what is forgiven. */
export interface InstanceFindings {
  /** `pointer` is a JSON pointer into the row, without its first slash */
  readonly errors: readonly FieldError[];
  readonly warnings: readonly Omit<InstanceWarning, 'index'>[];
}

/** Holds rows against a table, one at a time. */
export function instanceChecker(table: TableSchema): (instance: Instance) => InstanceFindings {
  const check = rowChecker(table);
  return (instance) => {
    const errors: FieldError[] = [];
    const warnings: Omit<InstanceWarning, 'index'>[] = [];
    for (const { pointer, column, finding } of check(instance)) {
      if (finding.severity === 'warn') warnings.push({ column, detail: finding.detail });
      else errors.push({ pointer, detail: finding.detail });
    }
    return { errors, warnings };
  };
}

/**
 * Holds the instances of a request against the model's table.
 * @returns what the table forgives
 * @throws {InvalidInstancesError} naming row and field of what it does not
 */
export function checkInstances(table: TableSchema, instances: readonly Instance[]): InstanceWarning[] {
  const check = instanceChecker(table);
  const errors: FieldError[] = [];
  const warnings: InstanceWarning[] = [];
  instances.forEach((instance, index) => {
    const findings = check(instance);
    errors.push(
      ...findings.errors.map(({ pointer, detail }) => ({ pointer: `instances/${index}/${pointer}`, detail })),
    );
    warnings.push(...findings.warnings.map((warning) => ({ index, ...warning })));
  });
  if (errors.length > 0) throw new InvalidInstancesError(errors);
  return warnings;
}
