import { WireType } from './wire-type.ts';

const encoder = new TextEncoder();

/**
 * Writes one message of Protocol Buffers, field after field: equal calls give equal bytes.
 * Source: https://protobuf.dev/programming-guides/encoding
 */
export class ProtobufWriter {
  #bytes = new Uint8Array(64);
  #length = 0;

  /** The message so far. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  /** An int32, int64 or enum. @throws {RangeError} when the value is no whole number that a double holds exactly */
  int(field: number, value: number): this {
    return this.#tag(field, WireType.varint).#varint(value);
  }

  float(field: number, value: number): this {
    this.#tag(field, WireType.fixed32).#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
    return this;
  }

  string(field: number, value: string): this {
    return this.bytes(field, encoder.encode(value));
  }

  bytes(field: number, value: Uint8Array): this {
    this.#tag(field, WireType.lengthDelimited).#varint(value.length);
    return this.append(value);
  }

  message(field: number, content: ProtobufWriter): this {
    return this.bytes(field, content.#bytes.subarray(0, content.#length));
  }

  /** A repeated field of integers in one piece. */
  packedInts(field: number, values: ArrayLike<number>): this {
    const content = new ProtobufWriter();
    for (let i = 0; i < values.length; i++) content.#varint(values[i]!);
    return this.message(field, content);
  }

  /** Fields that are encoded already. */
  append(fields: Uint8Array): this {
    this.#reserve(fields.length);
    this.#bytes.set(fields, this.#length);
    this.#length += fields.length;
    return this;
  }

  #tag(field: number, type: number): this {
    return this.#varint(field * 8 + type);
  }

  #varint(value: number): this {
    if (!Number.isSafeInteger(value)) throw new RangeError(`${value} is no whole number within 2^53`);
    if (value < 0) return this.#negativeVarint(value);
    this.#reserve(10);
    let rest = value;
    while (rest >= 128) {
      this.#bytes[this.#length++] = (rest % 128) | 128;
      rest = Math.floor(rest / 128);
    }
    this.#bytes[this.#length++] = rest;
    return this;
  }

  /** Ten bytes: the two's complement over 64 bits. */
  #negativeVarint(value: number): this {
    this.#reserve(10);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest >= 128n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
    this.#bytes[this.#length++] = Number(rest);
    return this;
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}
