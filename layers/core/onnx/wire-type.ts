/** How the value of a field of Protocol Buffers is laid out: https://protobuf.dev/programming-guides/encoding */
export const WireType = { varint: 0, fixed64: 1, lengthDelimited: 2, fixed32: 5 } as const;
