import { isDeepStrictEqual } from 'node:util';
import { NotEmulatedError } from './errors.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { isObject, type Json } from './template.ts';

type Operands = readonly Json[];

const functions: Readonly<Record<string, (operands: Operands, scope: Scope) => boolean>> = {
  'Fn::Equals': ([left, right], scope) => isDeepStrictEqual(resolve(left!, scope), resolve(right!, scope)),
  'Fn::And': (operands, scope) => operands.every((operand) => holds(operand, scope)),
  'Fn::Or': (operands, scope) => operands.some((operand) => holds(operand, scope)),
  'Fn::Not': ([operand], scope) => !holds(operand!, scope),
};

/**
 * Whether a condition of the template's `Conditions` holds.
 * @throws {NotEmulatedError} for a function that conditions do not have
 */
export function holds(condition: Json, scope: Scope): boolean {
  const [name, argument] = isObject(condition) ? (Object.entries(condition)[0] ?? []) : [];
  if (name === 'Condition') return scope.condition(String(argument));
  const evaluate = functions[name ?? ''];
  if (!evaluate || !Array.isArray(argument)) {
    throw new NotEmulatedError(`the local cloud does not know the condition ${JSON.stringify(condition)}`);
  }
  return evaluate(argument, scope);
}
