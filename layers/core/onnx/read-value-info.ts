import { datatypeOfCode, type OnnxDatatype } from './datatype.ts';
import { UnreadableOnnxModelError } from './errors.ts';
import { DimensionField, ShapeField, TensorTypeField, TypeField, ValueInfoField } from './onnx-proto.ts';
import { messageOf, readFields, textOf } from './protobuf-reader.ts';

/** An input or output as a file declares it. */
export interface DeclaredValue {
  readonly name: string;
  /** undefined for what is no tensor, or of a type that the Open Inference Protocol has no word for */
  readonly datatype: OnnxDatatype | undefined;
  /** a word is the name of a free size, '' one without a name; undefined where the rank is free */
  readonly shape: readonly (number | string)[] | undefined;
}

/** ONNX's own limit is lower in practice; beyond it a shape is an attack on memory. */
const MAX_RANK = 64;

/** ValueInfoProto. @throws {UnreadableOnnxModelError} */
export function readValueInfo(message: Uint8Array): DeclaredValue {
  let name = '';
  let type: Uint8Array | undefined;
  for (const field of readFields(message)) {
    if (field.number === ValueInfoField.name) name = textOf(field);
    if (field.number === ValueInfoField.type) type = once(type, messageOf(field), 'type');
  }
  const tensor = type && onlyTensor(type);
  return { name, ...(tensor ? readTensorType(tensor) : { datatype: undefined, shape: undefined }) };
}

/** TypeProto: its plain tensor, where it is one. */
function onlyTensor(type: Uint8Array): Uint8Array | undefined {
  let tensor: Uint8Array | undefined;
  for (const field of readFields(type)) {
    if (field.number === TypeField.tensor) tensor = once(tensor, messageOf(field), 'tensor type');
  }
  return tensor;
}

function readTensorType(message: Uint8Array): Omit<DeclaredValue, 'name'> {
  let datatype: OnnxDatatype | undefined;
  let shape: Uint8Array | undefined;
  for (const field of readFields(message)) {
    if (field.number === TensorTypeField.elementType) datatype = datatypeOfCode(field.int);
    if (field.number === TensorTypeField.shape) shape = once(shape, messageOf(field), 'shape');
  }
  return { datatype, shape: shape && readShape(shape) };
}

function readShape(message: Uint8Array): (number | string)[] {
  const shape: (number | string)[] = [];
  for (const field of readFields(message)) {
    if (field.number !== ShapeField.dimension) continue;
    if (shape.length === MAX_RANK) throw new UnreadableOnnxModelError(`a shape has more than ${MAX_RANK} dimensions`);
    shape.push(readDimension(messageOf(field)));
  }
  return shape;
}

function readDimension(message: Uint8Array): number | string {
  let size: number | string = '';
  for (const field of readFields(message)) {
    if (field.number === DimensionField.value) size = field.int;
    if (field.number === DimensionField.parameter) size = textOf(field);
  }
  return size;
}

/**
 * Protocol Buffers merge a message that comes twice, and readers differ over it: what one checks another would not run.
 * @throws {UnreadableOnnxModelError} when it was there already
 */
export function once(earlier: Uint8Array | undefined, found: Uint8Array, what: string): Uint8Array {
  if (earlier) throw new UnreadableOnnxModelError(`the ${what} comes twice`);
  return found;
}
