import { assertGraph } from './check-graph.ts';
import { datatypeCode } from './datatype.ts';
import { encodeNode } from './encode-node.ts';
import { encodeTensor } from './encode-tensor.ts';
import { ML_DOMAIN, type OnnxGraph, type OnnxValueInfo } from './graph.ts';
import {
  DimensionField,
  EntryField,
  GraphField,
  ModelField,
  OperatorSetField,
  ShapeField,
  TensorTypeField,
  TypeField,
  ValueInfoField,
} from './onnx-proto.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** The oldest pair that has all we write, so that old runtimes read it too: IR version 8 came with ONNX 1.10 to 1.13. */
const IR_VERSION = 8;
const opsetVersions: Readonly<Record<string, number>> = { '': 17, [ML_DOMAIN]: 3 };

/**
 * The bytes of an ONNX file. Equal graphs give equal bytes, whatever the order of their metadata.
 * @throws {InvalidOnnxGraphError} when the graph breaks a rule of ONNX
 */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  assertGraph(graph);
  const writer = new ProtobufWriter()
    .int(ModelField.irVersion, IR_VERSION)
    .string(ModelField.producerName, 'kilat')
    .message(ModelField.graph, encodeGraph(graph));
  const domains = new Set(['', ...graph.nodes.flatMap(({ domain }) => domain ?? [])]);
  for (const domain of domains) writer.message(ModelField.opsetImport, encodeOpset(domain));
  for (const [key, value] of Object.entries(graph.metadata ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))) {
    const entry = new ProtobufWriter().string(EntryField.key, key).string(EntryField.value, value);
    writer.message(ModelField.metadata, entry);
  }
  return writer.finish();
}

function encodeGraph({ name, nodes, initializers = [], inputs, outputs }: OnnxGraph): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const [index, node] of nodes.entries()) {
    writer.message(GraphField.node, encodeNode(node, `${node.opType}_${index}`));
  }
  writer.string(GraphField.name, name);
  for (const tensor of initializers) writer.message(GraphField.initializer, encodeTensor(tensor, tensor.name));
  for (const input of inputs) writer.message(GraphField.input, encodeValueInfo(input));
  for (const output of outputs) writer.message(GraphField.output, encodeValueInfo(output));
  return writer;
}

const encodeOpset = (domain: string): ProtobufWriter =>
  new ProtobufWriter().string(OperatorSetField.domain, domain).int(OperatorSetField.version, opsetVersions[domain]!);

/** ValueInfoProto of a plain tensor. */
export function encodeValueInfo({ name, datatype, shape }: OnnxValueInfo): ProtobufWriter {
  const dimensions = new ProtobufWriter();
  for (const size of shape) dimensions.message(ShapeField.dimension, encodeDimension(size));
  const tensor = new ProtobufWriter()
    .int(TensorTypeField.elementType, datatypeCode(datatype))
    .message(TensorTypeField.shape, dimensions);
  return new ProtobufWriter()
    .string(ValueInfoField.name, name)
    .message(ValueInfoField.type, new ProtobufWriter().message(TypeField.tensor, tensor));
}

const encodeDimension = (size: number | string): ProtobufWriter =>
  typeof size === 'number'
    ? new ProtobufWriter().int(DimensionField.value, size)
    : new ProtobufWriter().string(DimensionField.parameter, size);
