import { UnreadableOnnxModelError } from './errors.ts';
import { inspectModel } from './inspect-model.ts';
import { GraphField, ModelField, NodeField, TensorField } from './onnx-proto.ts';
import { messageOf, readFields, textOf } from './protobuf-reader.ts';
import { type DeclaredValue, readValueInfo } from './read-value-info.ts';

/** A message with the names in it that a graph ties together. */
export interface NamedMessage {
  readonly message: Uint8Array;
  /** of a node what it takes, of an initializer none */
  readonly inputs: readonly string[];
  /** of a node what it makes, of an initializer its own name */
  readonly outputs: readonly string[];
}

/** The parts of a model's graph that are read; all others are dropped. */
export interface Backbone {
  readonly irVersion: number;
  /** fields of the model beside its graph and version, as they lie in the file */
  readonly otherFields: readonly Uint8Array[];
  readonly name: string;
  readonly nodes: readonly NamedMessage[];
  readonly initializers: readonly NamedMessage[];
  readonly inputs: readonly { readonly value: DeclaredValue; readonly message: Uint8Array }[];
  readonly outputs: readonly DeclaredValue[];
}

/** Gemm means the same since. */
const OLDEST_OPSET = 11;

/** @throws {UnreadableOnnxModelError} when the file is no model, or not one graph that holds all it needs */
export function readBackbone(model: Uint8Array): Backbone {
  assertSelfContained(model);
  let irVersion = 0;
  let graph = new Uint8Array();
  const otherFields: Uint8Array[] = [];
  for (const field of readFields(model)) {
    if (field.number === ModelField.irVersion) irVersion = field.int;
    else if (field.number === ModelField.graph) graph = Uint8Array.from(messageOf(field));
    else otherFields.push(model.subarray(field.start, field.end));
  }
  return { irVersion, otherFields, ...readGraph(graph) };
}

function assertSelfContained(model: Uint8Array): void {
  const { hasExternalData, hasFunctions, hasSubgraphs, opsets } = inspectModel(model);
  const opset = opsets.get('') ?? opsets.get('ai.onnx') ?? 0;
  if (hasExternalData) throw new UnreadableOnnxModelError('the backbone has weights in another file');
  if (hasFunctions) throw new UnreadableOnnxModelError('the backbone defines operators of its own');
  if (hasSubgraphs) throw new UnreadableOnnxModelError('the backbone has graphs within its graph');
  if (opset < OLDEST_OPSET)
    throw new UnreadableOnnxModelError(`the backbone is of opset ${opset}, below ${OLDEST_OPSET}`);
}

function readGraph(graph: Uint8Array): Omit<Backbone, 'irVersion' | 'otherFields'> {
  const read = { name: 'backbone', nodes: [], initializers: [], inputs: [], outputs: [] } as MutableGraph;
  for (const field of readFields(graph)) {
    if (field.number === GraphField.name) read.name = textOf(field) || read.name;
    if (field.number === GraphField.node) read.nodes.push(readNode(messageOf(field)));
    if (field.number === GraphField.initializer) read.initializers.push(readInitializer(messageOf(field)));
    if (field.number === GraphField.output) read.outputs.push(readValueInfo(messageOf(field)));
    if (field.number === GraphField.sparseInitializer)
      throw new UnreadableOnnxModelError('the backbone has sparse weights');
    if (field.number === GraphField.input) {
      const message = messageOf(field);
      read.inputs.push({ value: readValueInfo(message), message });
    }
  }
  return read;
}

type MutableGraph = { name: string } & {
  [Key in 'nodes' | 'initializers' | 'inputs' | 'outputs']: Backbone[Key][number][];
};

function readNode(message: Uint8Array): NamedMessage {
  const inputs: string[] = [];
  const outputs: string[] = [];
  for (const field of readFields(message)) {
    if (field.number === NodeField.input) inputs.push(textOf(field));
    if (field.number === NodeField.output) outputs.push(textOf(field));
  }
  return { message, inputs, outputs };
}

function readInitializer(message: Uint8Array): NamedMessage {
  const names = [...readFields(message)].filter(({ number }) => number === TensorField.name).map(textOf);
  return { message, inputs: [], outputs: names.slice(-1) };
}
