import { NotEmulatedError, TemplateError } from './errors.ts';
import { isObject, type Json, type JsonObject } from './template.ts';

/** What an intrinsic function may ask about the stack that it stands in. */
export interface Scope {
  ref(name: string): Json;
  attribute(logicalId: string, attribute: string): Json;
  exported(name: string): Json;
  stackOutput(stackName: string, outputName: string): Json;
  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json;
  condition(name: string): boolean;
}

const NO_VALUE = 'AWS::NoValue';

/**
 * A value with every intrinsic function in it worked out.
 * @returns undefined for a reference to `AWS::NoValue`: the property, or the element, is not there
 * @throws {NotEmulatedError} for a function that is not known here
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
export function resolve(value: Json, scope: Scope): Json | undefined {
  if (Array.isArray(value)) return resolveAll(value, scope);
  if (!isObject(value)) return value;
  const call = asCall(value);
  return call ? evaluate(call, scope) : resolveMembers(value, scope);
}

function resolveAll(values: readonly Json[], scope: Scope): Json[] {
  return values.map((value) => resolve(value, scope)).filter((value) => value !== undefined);
}

function resolveMembers(value: JsonObject, scope: Scope): JsonObject {
  const members = Object.entries(value).map(([name, member]) => [name, resolve(member, scope)] as const);
  return Object.fromEntries(members.filter((entry): entry is [string, Json] => entry[1] !== undefined));
}

interface Call {
  readonly name: string;
  readonly argument: Json;
}

function asCall(value: JsonObject): Call | undefined {
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0 || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  return { name, argument: value[name]! };
}

type Intrinsic = (argument: Json, scope: Scope) => Json | undefined;

const intrinsics: Readonly<Record<string, Intrinsic>> = {
  Ref: (name, scope) => (name === NO_VALUE ? undefined : scope.ref(text(name, 'Ref'))),
  'Fn::GetAtt': getAttribute,
  'Fn::Join': join,
  'Fn::Sub': substitute,
  'Fn::Select': select,
  'Fn::Split': split,
  'Fn::ImportValue': (name, scope) => scope.exported(text(resolve(name, scope), 'Fn::ImportValue')),
  'Fn::GetStackOutput': getStackOutput,
  'Fn::FindInMap': findInMap,
  'Fn::If': choose,
  'Fn::Base64': (value, scope) => Buffer.from(text(resolve(value, scope), 'Fn::Base64')).toString('base64'),
  'Fn::ToJsonString': (value, scope) => JSON.stringify(resolve(value, scope)),
};

/** Functions of conditions give "true" or "false" only there; anywhere else they are as unknown as on AWS. */
function evaluate({ name, argument }: Call, scope: Scope): Json | undefined {
  const intrinsic = intrinsics[name];
  if (!intrinsic) throw new NotEmulatedError(`the local cloud does not know the intrinsic function ${name}`);
  return intrinsic(argument, scope);
}

function getAttribute(argument: Json, scope: Scope): Json {
  const path = typeof argument === 'string' ? argument.split(/\.(.*)/s) : resolveList(argument, scope, 'Fn::GetAtt');
  return scope.attribute(text(path[0], 'Fn::GetAtt'), text(path[1], 'Fn::GetAtt'));
}

function join(argument: Json, scope: Scope): string {
  const [delimiter, parts] = list(argument, 'Fn::Join');
  return resolveList(parts, scope, 'Fn::Join')
    .map((part) => text(part, 'Fn::Join'))
    .join(text(delimiter, 'Fn::Join'));
}

/** `${!Literal}` stands for itself without the exclamation mark. */
function substitute(argument: Json, scope: Scope): string {
  const [template, variables = {}] = typeof argument === 'string' ? [argument] : list(argument, 'Fn::Sub');
  const own = isObject(variables) ? variables : {};
  return text(template, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in own) return text(resolve(own[name]!, scope), 'Fn::Sub');
    return text(name.includes('.') ? getAttribute(name, scope) : scope.ref(name), 'Fn::Sub');
  });
}

function select(argument: Json, scope: Scope): Json {
  const [index, values] = list(argument, 'Fn::Select');
  const chosen = resolveList(values, scope, 'Fn::Select')[Number(resolve(index!, scope))];
  if (chosen === undefined) throw new TemplateError(`Fn::Select finds nothing at index ${JSON.stringify(index)}`);
  return chosen;
}

function split(argument: Json, scope: Scope): Json {
  const [delimiter, source] = list(argument, 'Fn::Split');
  return text(resolve(source!, scope), 'Fn::Split').split(text(delimiter, 'Fn::Split'));
}

function getStackOutput(argument: Json, scope: Scope): Json {
  const { StackName, OutputName } = resolveMembers(isObject(argument) ? argument : {}, scope);
  return scope.stackOutput(text(StackName, 'Fn::GetStackOutput'), text(OutputName, 'Fn::GetStackOutput'));
}

function findInMap(argument: Json, scope: Scope): Json {
  const [map, top, second] = resolveList(argument, scope, 'Fn::FindInMap').map((key) => text(key, 'Fn::FindInMap'));
  return scope.mapping(map ?? '', top ?? '', second ?? '');
}

function choose(argument: Json, scope: Scope): Json | undefined {
  const [condition, whenTrue, whenFalse] = list(argument, 'Fn::If');
  const chosen = scope.condition(text(condition, 'Fn::If')) ? whenTrue : whenFalse;
  return resolve(chosen!, scope);
}

function resolveList(value: Json | undefined, scope: Scope, name: string): readonly Json[] {
  return list(value === undefined ? undefined : resolve(value, scope), name);
}

function list(value: Json | undefined, name: string): readonly Json[] {
  if (Array.isArray(value)) return value;
  throw new TemplateError(`${name} expected a list, not ${JSON.stringify(value)}`);
}

function text(value: Json | undefined, name: string): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new TemplateError(`${name} expected a string, not ${JSON.stringify(value)}`);
}
