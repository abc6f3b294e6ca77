/** TensorProto.DataType by the names of the Open Inference Protocol. */
const codes = {
  FP32: 1,
  UINT8: 2,
  INT8: 3,
  UINT16: 4,
  INT16: 5,
  INT32: 6,
  INT64: 7,
  BYTES: 8,
  BOOL: 9,
  FP16: 10,
  FP64: 11,
  UINT32: 12,
  UINT64: 13,
  BF16: 16,
} as const;

export type OnnxDatatype = keyof typeof codes;

export const datatypeCode = (datatype: OnnxDatatype): number => codes[datatype];

const names = new Map<number, OnnxDatatype>(Object.entries(codes).map(([name, code]) => [code, name as OnnxDatatype]));

/** Undefined for a code that Open Inference Protocol has no word for, such as complex numbers. */
export const datatypeOfCode = (code: number): OnnxDatatype | undefined => names.get(code);
