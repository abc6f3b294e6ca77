import { UnreadableOnnxModelError } from './errors.ts';
import { WireType } from './wire-type.ts';

/** A field of a message as it lies in its bytes. */
export interface ProtobufField {
  readonly number: number;
  /** of a varint: exact up to 2^53, rounded beyond, negative where it is an int64 below 0; 0 of other fields */
  readonly int: number;
  /** the content of a length-delimited field */
  readonly bytes: Uint8Array | undefined;
  /** where the whole field lies in its message, its tag included; the end is exclusive */
  readonly start: number;
  readonly end: number;
}

/**
 * The fields of one message, in their order. No content is copied, and what is within a content is not looked at.
 * Source: https://protobuf.dev/programming-guides/encoding
 * @throws {UnreadableOnnxModelError} when the bytes are no message; groups, which proto3 has not, are refused
 */
export function* readFields(message: Uint8Array): Generator<ProtobufField> {
  const cursor = { bytes: message, at: 0 };
  while (cursor.at < message.length) {
    const start = cursor.at;
    const tag = readVarint(cursor);
    const number = Math.floor(tag / 8);
    if (number < 1 || number >= 2 ** 29) throw new UnreadableOnnxModelError(`a field has the number ${number}`);
    const { int, bytes } = readContent(cursor, tag % 8);
    yield { number, int, bytes, start, end: cursor.at };
  }
}

function readContent(cursor: Cursor, type: number): Pick<ProtobufField, 'int' | 'bytes'> {
  switch (type) {
    case WireType.varint:
      return { int: readVarint(cursor), bytes: undefined };
    case WireType.lengthDelimited:
      return { int: 0, bytes: readBytes(cursor, readVarint(cursor)) };
    case WireType.fixed64:
      readBytes(cursor, 8);
      return { int: 0, bytes: undefined };
    case WireType.fixed32:
      readBytes(cursor, 4);
      return { int: 0, bytes: undefined };
    default:
      throw new UnreadableOnnxModelError(`a field has the wire type ${type}, which is not in use`);
  }
}

interface Cursor {
  readonly bytes: Uint8Array;
  at: number;
}

function readBytes(cursor: Cursor, length: number): Uint8Array {
  const rest = cursor.bytes.length - cursor.at;
  if (!(length >= 0 && length <= rest)) {
    throw new UnreadableOnnxModelError(`a field has ${length} bytes where ${rest} are left`);
  }
  cursor.at += length;
  return cursor.bytes.subarray(cursor.at - length, cursor.at);
}

/** 64 bits in groups of 7, the lowest first. */
const MAX_VARINT_BYTES = 10;

function readVarint(cursor: Cursor): number {
  let value = 0;
  let factor = 1;
  for (let count = 0; count < MAX_VARINT_BYTES; count++) {
    const byte = cursor.bytes[cursor.at++];
    if (byte === undefined) throw new UnreadableOnnxModelError('the bytes end within a number');
    if (count === MAX_VARINT_BYTES - 1 && byte > 1) break;
    value += (byte & 127) * factor;
    if (byte < 128) return value < 2 ** 63 ? value : value - 2 ** 64;
    factor *= 128;
  }
  throw new UnreadableOnnxModelError(`a number has more than 64 bits`);
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** @throws {UnreadableOnnxModelError} when the field is no string, or no UTF-8 */
export function textOf({ number, bytes }: ProtobufField): string {
  if (!bytes) throw new UnreadableOnnxModelError(`field ${number} is a number, not a string`);
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new UnreadableOnnxModelError(`field ${number} is no UTF-8`, { cause });
  }
}

/** @throws {UnreadableOnnxModelError} when the field is a number */
export function messageOf({ number, bytes }: ProtobufField): Uint8Array {
  if (!bytes) throw new UnreadableOnnxModelError(`field ${number} is a number, not a message`);
  return bytes;
}
