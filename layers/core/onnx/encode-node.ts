import { encodeTensor, littleEndian } from './encode-tensor.ts';
import type { OnnxAttribute, OnnxNode } from './graph.ts';
import { AttributeField, AttributeType, NodeField } from './onnx-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** NodeProto. @param name appears in onnxruntime's messages */
export function encodeNode(
  { opType, domain, inputs, outputs, attributes = {} }: OnnxNode,
  name: string,
): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const input of inputs) writer.string(NodeField.input, input);
  for (const output of outputs) writer.string(NodeField.output, output);
  writer.string(NodeField.name, name).string(NodeField.opType, opType);
  for (const [key, value] of Object.entries(attributes)) {
    writer.message(NodeField.attribute, encodeAttribute(key, value));
  }
  return domain ? writer.string(NodeField.domain, domain) : writer;
}

function encodeAttribute(name: string, attribute: OnnxAttribute): ProtobufWriter {
  const writer = new ProtobufWriter().string(AttributeField.name, name);
  return writer.int(AttributeField.type, encodeValue(writer, attribute));
}

/** @returns the attribute's type */
function encodeValue(writer: ProtobufWriter, attribute: OnnxAttribute): number {
  if ('int' in attribute) {
    writer.int(AttributeField.int, attribute.int);
    return AttributeType.int;
  }
  if ('float' in attribute) {
    writer.float(AttributeField.float, attribute.float);
    return AttributeType.float;
  }
  if ('string' in attribute) {
    writer.string(AttributeField.string, attribute.string);
    return AttributeType.string;
  }
  if ('tensor' in attribute) {
    writer.message(AttributeField.tensor, encodeTensor(attribute.tensor));
    return AttributeType.tensor;
  }
  if ('ints' in attribute) {
    writer.packedInts(AttributeField.ints, attribute.ints);
    return AttributeType.ints;
  }
  if ('floats' in attribute) {
    writer.bytes(AttributeField.floats, littleEndian(Float32Array.from(attribute.floats)));
    return AttributeType.floats;
  }
  for (const value of attribute.strings) writer.string(AttributeField.strings, value);
  return AttributeType.strings;
}
