import { isObject } from './template.ts';

/** Of a deployment that there could be, so that text around them is what AWS will read. */
const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::Partition': 'aws',
  'AWS::Region': 'us-east-1',
  'AWS::AccountId': '123456789012',
  'AWS::URLSuffix': 'amazonaws.com',
};

/**
 * The text that a value stands for. What is known at deployment alone stays a name in braces, as `Fn::Sub` writes it:
 * `${Table.Arn}`.
 * @returns undefined for what is no text: a list, or an object that is no intrinsic function
 */
export function literalText(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (!isObject(value)) return undefined;
  const [name, ...others] = Object.keys(value);
  if (name === undefined || others.length > 0) return undefined;
  if (name === 'Fn::Join') return joined(value[name]);
  if (name === 'Fn::Sub') return substituted(value[name]);
  if (name === 'Ref') return reference(String(value[name]));
  return name.startsWith('Fn::') ? `\${${[value[name]].flat().map(label).join('.')}}` : undefined;
}

const reference = (name: string) => pseudoParameters[name] ?? `\${${name}}`;

/** Braces and quotes would end the name, or the JSON around it. */
const label = (argument: unknown) => (typeof argument === 'string' ? argument : 'value').replace(/["\\{}]/g, '');

function joined(argument: unknown): string | undefined {
  const [delimiter, parts] = Array.isArray(argument) ? argument : [];
  return Array.isArray(parts) ? parts.map((part) => literalText(part) ?? '').join(String(delimiter)) : undefined;
}

function substituted(argument: unknown): string {
  const [text, variables = {}] = [argument].flat() as [unknown, Record<string, unknown>?];
  return substitute(String(text), (name) =>
    Object.hasOwn(variables, name) ? literalText(variables[name]) : reference(name),
  );
}

/** Puts values in the place of `${name}`; `${!name}` stands for `${name}` itself, and so does one without a value. */
export const substitute = (text: string, lookUp: (name: string) => string | undefined): string =>
  text.replace(/\$\{([^}]+)\}/g, (whole, name: string) =>
    name.startsWith('!') ? `\${${name.slice(1)}}` : (lookUp(name) ?? whole),
  );
