import { createHash, randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json } from '../json.ts';
import { type Argument, type IntrinsicCall, parseIntrinsicCall, withoutBackslashes } from './intrinsic-call.ts';
import { type Data, selectRequired } from './paths.ts';
import { StatesError, StatesRuntimeError } from './states-error.ts';

type Values = readonly (Json | undefined)[];

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html */
const functions: Readonly<Record<string, (values: Values) => Json>> = {
  'States.StringToJson': ([text]) => JSON.parse(string(text)),
  'States.JsonToString': ([value]) => JSON.stringify(value),
  'States.Array': (values) => values as Json[],
  'States.ArrayPartition': ([array, size]) => partition(list(array), positive(size)),
  'States.ArrayContains': ([array, value]) => list(array).some((element) => isDeepStrictEqual(element, value)),
  'States.ArrayRange': ([first, last, step]) => range(integer(first), integer(last), integer(step)),
  'States.ArrayGetItem': ([array, index]) => itemAt(list(array), integer(index)),
  'States.ArrayLength': ([array]) => list(array).length,
  'States.ArrayUnique': ([array]) => unique(list(array)),
  'States.Base64Encode': ([text]) => Buffer.from(short(text)).toString('base64'),
  'States.Base64Decode': ([text]) => Buffer.from(short(text), 'base64').toString('utf8'),
  'States.Hash': ([value, algorithm]) => hash(value, string(algorithm)),
  'States.JsonMerge': ([first, second, deep]) => merge(first, second, deep),
  'States.MathRandom': ([start, end]) => random(integer(start), integer(end)),
  'States.MathAdd': ([first, second]) => integer(first) + integer(second),
  'States.StringSplit': ([text, separators]) => split(string(text), string(separators)),
  'States.UUID': () => randomUUID(),
};

/**
 * @throws {StatesError} States.IntrinsicFailure for arguments that do not fit, States.Runtime for what is no call, and
 * for a path that leads nowhere
 */
export function evaluateIntrinsic(expression: string, data: Data, field: string): Json {
  try {
    return call(parseIntrinsicCall(expression), data, field);
  } catch (error) {
    if (error instanceof StatesError) throw error;
    if (error instanceof NotCallable) throw new StatesRuntimeError(error.message);
    throw new StatesError('States.IntrinsicFailure', `${expression}: ${(error as Error).message}`);
  }
}

class NotCallable extends Error {}

function call({ name, args }: IntrinsicCall, data: Data, field: string): Json {
  const values = args.map((arg) => argumentValue(arg, data, field));
  if (name === 'States.Format') return format(args[0], values);
  const run = functions[name];
  if (!run) throw new NotCallable(`The intrinsic function '${name}' does not exist`);
  return run(values);
}

function argumentValue(argument: Argument, data: Data, field: string): Json {
  if (argument.kind === 'literal') return argument.value;
  return argument.kind === 'path' ? selectRequired(argument.path, data, field) : call(argument.call, data, field);
}

/** The template's own text tells a placeholder from braces that are written with a backslash. */
function format(template: Argument | undefined, [first, ...values]: Values): string {
  const text = template?.kind === 'literal' ? template.text : string(first);
  const parts = text.split(/(?<!\\)\{\}/);
  if (parts.length - 1 !== values.length) {
    throw new RangeError(`${parts.length - 1} placeholders for ${values.length} values`);
  }
  return parts
    .map((part, index) => withoutBackslashes(part) + (index < values.length ? textOf(values[index]) : ''))
    .join('');
}

function textOf(value: Json | undefined): string {
  if (typeof value === 'object' && value !== null) throw new TypeError('States.Format takes no objects and no arrays');
  return String(value);
}

const partition = (array: readonly Json[], size: number): Json[] =>
  Array.from({ length: Math.ceil(array.length / size) }, (_, chunk) => array.slice(chunk * size, (chunk + 1) * size));

const MAX_RANGE = 1000;

function range(first: number, last: number, step: number): number[] {
  if (step === 0) throw new RangeError('a step of 0 never ends');
  const length = Math.max(0, Math.floor((last - first) / step) + 1);
  if (length > MAX_RANGE) throw new RangeError(`${length} elements, which is more than ${MAX_RANGE}`);
  return Array.from({ length }, (_, index) => first + index * step);
}

function itemAt(array: readonly Json[], index: number): Json {
  const item = index < 0 ? undefined : array[index];
  if (item === undefined) throw new RangeError(`no element ${index} in an array of ${array.length}`);
  return item;
}

const unique = (array: readonly Json[]): Json[] =>
  array.filter((value, index) => array.findIndex((other) => isDeepStrictEqual(other, value)) === index);

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: 'md5',
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

function hash(value: Json | undefined, algorithm: string): string {
  const name = ALGORITHMS[algorithm];
  if (!name) throw new RangeError(`no algorithm ${algorithm}`);
  return createHash(name)
    .update(typeof value === 'string' ? value : JSON.stringify(value))
    .digest('hex');
}

function merge(first: Json | undefined, second: Json | undefined, deep: Json | undefined): Json {
  if (!isObject(first) || !isObject(second)) throw new TypeError('only objects can be merged');
  if (deep !== false) throw new TypeError('the third argument must be false: there is no deep merge');
  return { ...first, ...second };
}

function random(start: number, end: number): number {
  if (end <= start) throw new RangeError(`no number from ${start} to before ${end}`);
  return start + Math.floor(Math.random() * (end - start));
}

/** Each character of the second text separates; what is empty between two of them is left out. */
const split = (text: string, separators: string): string[] => {
  const parts: string[] = [''];
  for (const character of text) {
    if (separators.includes(character)) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.filter((part) => part !== '');
};

const MAX_ENCODED_LENGTH = 10_000;

function short(value: Json | undefined): string {
  const text = string(value);
  if (text.length > MAX_ENCODED_LENGTH)
    throw new RangeError(`${text.length} characters, at most ${MAX_ENCODED_LENGTH}`);
  return text;
}

function string(value: Json | undefined): string {
  if (typeof value !== 'string') throw new TypeError(`expected a string, not ${JSON.stringify(value)}`);
  return value;
}

function list(value: Json | undefined): readonly Json[] {
  if (!Array.isArray(value)) throw new TypeError(`expected an array, not ${JSON.stringify(value)}`);
  return value;
}

function integer(value: Json | undefined): number {
  if (typeof value !== 'number') throw new TypeError(`expected a number, not ${JSON.stringify(value)}`);
  return Math.round(value);
}

function positive(value: Json | undefined): number {
  const number = integer(value);
  if (number < 1) throw new RangeError(`expected a number from 1, not ${number}`);
  return number;
}
