import { createHash } from 'node:crypto';
import { SqsError } from './errors.ts';
import { assertAllowedCharacters } from './message-text.ts';

/** A message attribute on the wire: binary values in base64. */
export interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

export type MessageAttributes = Readonly<Record<string, MessageAttribute>>;

const MAX_ATTRIBUTES = 10;

export const md5 = (data: string | Buffer): string => createHash('md5').update(data).digest('hex');

/**
 * The digest that clients check: for each attribute, by name, the name, type and value, each after its length in four
 * bytes (big endian), with one byte before the value that says string (1) or binary (2).
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation
 */
export function md5OfAttributes(attributes: MessageAttributes): string {
  const names = Object.keys(attributes).sort();
  const parts = names.flatMap((name) => {
    const attribute = attributes[name] as MessageAttribute;
    const transport = Buffer.of(isBinary(attribute) ? 2 : 1);
    return [...sized(name), ...sized(attribute.DataType), transport, ...sized(bytesOfValue(attribute))];
  });
  return md5(Buffer.concat(parts));
}

function sized(data: string | Buffer): [Buffer, Buffer] {
  const bytes = Buffer.from(data as string);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return [length, bytes];
}

const isBinary = ({ DataType }: MessageAttribute) => /^Binary(\.|$)/.test(DataType);

const bytesOfValue = (attribute: MessageAttribute): Buffer =>
  isBinary(attribute) ? Buffer.from(attribute.BinaryValue ?? '', 'base64') : Buffer.from(attribute.StringValue ?? '');

/** Names, types and values count towards the size of a message. */
export const bytesOfAttributes = (attributes: MessageAttributes): number =>
  Object.entries(attributes).reduce(
    (sum, [name, attribute]) =>
      sum + Buffer.byteLength(name) + Buffer.byteLength(attribute.DataType) + bytesOfValue(attribute).length,
    0,
  );

/** @throws {SqsError} InvalidParameterValue */
export function checkMessageAttributes(attributes: MessageAttributes): void {
  const entries = Object.entries(attributes);
  if (entries.length > MAX_ATTRIBUTES) {
    throw invalid(`Number of message attributes [${entries.length}] exceeds the allowed maximum [${MAX_ATTRIBUTES}].`);
  }
  for (const [name, attribute] of entries) checkAttribute(name, attribute);
}

function checkAttribute(name: string, attribute: MessageAttribute): void {
  if (!/^[\w.-]{1,256}$/.test(name) || /^(aws|amazon)\.|^\.|\.\.|\.$/i.test(name)) {
    throw invalid(`The message attribute name '${name}' is invalid.`);
  }
  const { DataType: type } = attribute;
  if (!type) throw invalid(`The message attribute '${name}' must contain a non-empty message attribute type.`);
  if (!/^(String|Number|Binary)(\..{1,256})?$/.test(type)) {
    throw invalid(
      `The message attribute '${name}' has an invalid type, the set of supported type prefixes is Binary, Number, and String.`,
    );
  }
  if (bytesOfValue(attribute).length === 0) {
    throw invalid(
      `The message attribute '${name}' must contain a non-empty value for message attribute type '${type}'.`,
    );
  }
  if (/^Number/.test(type) && Number.isNaN(Number(attribute.StringValue))) {
    throw invalid(`Can't cast the value of message (user) attribute '${name}' to a number.`);
  }
  if (attribute.StringValue) assertAllowedCharacters(attribute.StringValue);
}

const invalid = (message: string) => new SqsError('InvalidParameterValue', message);

/** What a receiver asked for by name, by prefix (`app.*`) or wholesale (`All`, `.*`). */
export function selectAttributes(
  attributes: MessageAttributes,
  wanted: readonly string[],
): MessageAttributes | undefined {
  const matches = (name: string) =>
    wanted.some(
      (want) => want === 'All' || want === name || (want.endsWith('.*') && name.startsWith(want.slice(0, -2))),
    );
  const chosen = Object.entries(attributes).filter(([name]) => matches(name));
  return chosen.length ? Object.fromEntries(chosen) : undefined;
}
