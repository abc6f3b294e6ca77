import { JSONPath } from 'jsonpath-plus';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { StatesError, StatesRuntimeError } from './states-error.ts';

/** What paths are read from: `$` is the input, `$$` the context object. */
export interface Data {
  readonly input: Json;
  readonly context: JsonObject;
}

/**
 * What a JSONPath selects: one value for a path of names and indexes alone, a list for any other.
 * @returns undefined where a path of names and indexes leads nowhere
 * @throws {StatesError} States.Runtime for what is no path
 */
export function select(path: string, { input, context }: Data): Json | undefined {
  const [root, expression] = path.startsWith('$$') ? [context, path.slice(1)] : [input, path];
  const steps = stepsOf(expression);
  if (steps.every(isDefinite)) return steps.reduce(into, root as Json | undefined);
  return JSONPath({ path: expression, json: root as object, wrap: true, eval: 'safe' });
}

/** @throws {StatesError} States.Runtime where the path leads nowhere */
export function selectRequired(path: string, data: Data, field: string): Json {
  const value = select(path, data);
  if (value !== undefined) return value;
  const input = JSON.stringify(path.startsWith('$$') ? data.context : data.input);
  throw new StatesRuntimeError(
    `The JSONPath '${path}' specified for the field '${field}' could not be found in the input '${input}'`,
  );
}

/**
 * A copy of the input in which the result stands where the path says; objects that are missing on the way are made.
 * @throws {StatesError} States.ResultPathMatchFailure where something else than an object is in the way
 */
export function place(result: Json, path: string | null | undefined, input: Json): Json {
  if (path === null) return input;
  return placeAt(result, stepsOf(path ?? '$'), input, { path: path ?? '$', input });
}

interface Whole {
  readonly path: string;
  readonly input: Json;
}

function placeAt(result: Json, steps: readonly string[], target: Json | undefined, whole: Whole): Json {
  const [step, ...rest] = steps;
  if (step === undefined) return result;
  const index = Number(step);
  if (Array.isArray(target) && index >= 0 && index < target.length) {
    return target.with(index, placeAt(result, rest, target[index], whole));
  }
  if (target !== undefined && !isObject(target)) {
    throw new StatesError(
      'States.ResultPathMatchFailure',
      `Unable to apply step "${step}" of the ResultPath "${whole.path}" to the input ${JSON.stringify(whole.input)}`,
    );
  }
  return { ...target, [step]: placeAt(result, rest, target?.[step], whole) };
}

function stepsOf(path: string): readonly string[] {
  const [root, ...steps] = path.startsWith('$') ? JSONPath.toPathArray(path) : [];
  if (root !== '$') throw new StatesRuntimeError(`Invalid path '${path}': a path starts with $`);
  return steps;
}

const isDefinite = (step: string): boolean =>
  step !== '*' && step !== '..' && !/^[?(@^~]|,|^-?\d*:-?\d*(:-?\d+)?$/.test(step);

function into(value: Json | undefined, step: string): Json | undefined {
  if (Array.isArray(value)) return /^-?\d+$/.test(step) ? value.at(Number(step)) : undefined;
  return isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}
