import { isObject, type Json } from '../json.ts';
import { evaluateIntrinsic } from './intrinsics.ts';
import { type Data, selectRequired } from './paths.ts';
import { StatesRuntimeError } from './states-error.ts';

/**
 * A payload template with its paths and intrinsic functions worked out: those are the fields whose names end in `.$`.
 * @throws {StatesError} States.Runtime for a path that leads nowhere, States.IntrinsicFailure
 * @see https://states-language.net/spec.html#payload-template
 */
export function fill(template: Json, data: Data): Json {
  if (Array.isArray(template)) return template.map((element) => fill(element, data));
  if (!isObject(template)) return template;
  return Object.fromEntries(Object.entries(template).map(([name, value]) => fillField(name, value, data)));
}

function fillField(name: string, value: Json, data: Data): [string, Json] {
  if (!name.endsWith('.$')) return [name, fill(value, data)];
  if (typeof value !== 'string') throw new StatesRuntimeError(`The value of the field '${name}' must be a string`);
  return [name.slice(0, -2), evaluate(value, data, name)];
}

/** A path, or a call of an intrinsic function. */
export const evaluate = (expression: string, data: Data, field: string): Json =>
  expression.startsWith('$') ? selectRequired(expression, data, field) : evaluateIntrinsic(expression, data, field);
