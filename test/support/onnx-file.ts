/**
 * Writes tiny ONNX files by hand (onnx.proto of ONNX 1.17: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto), so
 * that tests state the very graph they are about and need no Python.
 */

const varint = (value: number): number[] =>
  value < 128 ? [value] : [(value % 128) | 128, ...varint(Math.floor(value / 128))];

const LENGTH_DELIMITED = 2;
const bytes = (field: number, content: readonly number[]): number[] => [
  ...varint(field * 8 + LENGTH_DELIMITED),
  ...varint(content.length),
  ...content,
];
const text = (field: number, value: string): number[] => bytes(field, [...Buffer.from(value)]);
const integer = (field: number, value: number): number[] => [...varint(field * 8), ...varint(value)];

/** TensorProto.DataType */
const elementTypes = { FP32: 1, UINT8: 2, FP16: 10 } as const;
type Datatype = keyof typeof elementTypes;
/** a word is the name of a free size */
type Shape = readonly (number | string)[];

function valueInfo(name: string, datatype: Datatype, shape: Shape): number[] {
  const dimensions = shape.flatMap((edge) => bytes(1, typeof edge === 'number' ? integer(1, edge) : text(2, edge)));
  const tensorType = [...integer(1, elementTypes[datatype]), ...bytes(2, dimensions)];
  return [...text(1, name), ...bytes(2, bytes(1, tensorType))];
}

const INT = 2;
const integerAttribute = (name: string, value: number): number[] => [
  ...text(1, name),
  ...integer(3, value),
  ...integer(20, INT),
];

function node(operator: string, input: string, output: string, attributes: readonly number[][] = []): number[] {
  return [
    ...text(1, input),
    ...text(2, output),
    ...text(4, operator),
    ...attributes.flatMap((attribute) => bytes(5, attribute)),
  ];
}

export interface ColourClassifier {
  readonly batch?: number | string;
  readonly edge?: number | string;
  readonly datatype?: Datatype;
  /** what the graph itself does to its logits */
  readonly activation?: 'Softmax';
  /** another output beside the logits */
  readonly second?: string;
}

const FLOAT = elementTypes.FP32;

/** An image classifier whose three logits are the means of the three channels: it names a picture's colour. */
export function colourClassifier(options: ColourClassifier = {}): Uint8Array {
  const { batch = 'N', edge = 8, datatype = 'FP32', activation, second } = options;
  const last = activation ?? 'Identity';
  const graph = [
    ...bytes(1, node('Cast', 'pixel_values', 'pixels', [integerAttribute('to', FLOAT)])),
    ...bytes(1, node('GlobalAveragePool', 'pixels', 'means')),
    ...bytes(1, node('Flatten', 'means', 'flat')),
    ...bytes(1, node(last, 'flat', 'logits')),
    ...(second ? bytes(1, node('Identity', 'flat', second)) : []),
    ...text(2, 'colour'),
    ...bytes(11, valueInfo('pixel_values', datatype, [batch, 3, edge, edge])),
    ...bytes(12, valueInfo('logits', 'FP32', [batch, 3])),
    ...(second ? bytes(12, valueInfo(second, 'FP32', [batch, 3])) : []),
  ];
  const IR_VERSION = 8;
  const OPSET = 13;
  return Uint8Array.from([
    ...integer(1, IR_VERSION),
    ...bytes(7, graph),
    ...bytes(8, [...text(1, ''), ...integer(2, OPSET)]),
  ]);
}
