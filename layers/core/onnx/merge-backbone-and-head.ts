import { type Backbone, type NamedMessage, readBackbone } from './backbone.ts';
import { encodeValueInfo } from './encode-model.ts';
import { encodeNode } from './encode-node.ts';
import { encodeTensor } from './encode-tensor.ts';
import { UnreadableOnnxModelError } from './errors.ts';
import { GraphField, ModelField, NodeField, TensorField } from './onnx-proto.ts';
import { readFields, textOf } from './protobuf-reader.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** A linear layer on an embedding: logits = embedding W + b. */
export interface LinearHead {
  /** row-major, dimensions x classes */
  readonly weights: Float32Array;
  /** one for each class */
  readonly bias: Float32Array;
}

export interface HeadOnBackbone {
  /** bytes of an ONNX file of one self-contained graph, of opset 11 or later */
  readonly backbone: Uint8Array;
  /** the value of the backbone's graph, [N, dimensions] of FP32, that the head takes */
  readonly embedding: string;
  readonly head: LinearHead;
}

const LOGITS = 'logits';
const EMBEDDING = 'embedding';
const WEIGHTS = 'head.weight';
const BIAS = 'head.bias';
const reserved: ReadonlySet<string> = new Set([LOGITS, EMBEDDING, WEIGHTS, BIAS]);

/** Since IR version 4 an initializer need not be an input too. */
const OLDEST_IR_VERSION = 4;

/**
 * One ONNX file of a backbone and a head: inputs as the backbone has them, outputs `logits` [N, classes] and `embedding`
 * [N, dimensions]. Whatever of the backbone the embedding does not need is dropped, an old head for one; values of the
 * backbone that have a name of ours get another.
 * @throws {UnreadableOnnxModelError} when the backbone is unreadable, has no such embedding, or an input of our names
 * @throws {RangeError} when the head does not fit the embedding
 */
export function mergeBackboneAndHead({ backbone: model, embedding, head }: HeadOnBackbone): Uint8Array {
  const backbone = readBackbone(model);
  const kept = keepNeeded(backbone, embedding);
  const rename = renaming(kept, embedding);
  const { batch, dimensions, classes } = sizesOf(backbone, embedding, head);
  const graph = new ProtobufWriter();
  for (const node of kept.nodes)
    graph.message(GraphField.node, renamed(node, [NodeField.input, NodeField.output], rename));
  graph.message(
    GraphField.node,
    encodeNode({ opType: 'Gemm', inputs: [EMBEDDING, WEIGHTS, BIAS], outputs: [LOGITS] }, 'head'),
  );
  graph.string(GraphField.name, backbone.name);
  for (const tensor of kept.initializers)
    graph.message(GraphField.initializer, renamed(tensor, [TensorField.name], rename));
  graph
    .message(GraphField.initializer, encodeTensor({ shape: [dimensions, classes], values: head.weights }, WEIGHTS))
    .message(GraphField.initializer, encodeTensor({ shape: [classes], values: head.bias }, BIAS));
  for (const { message } of kept.inputs) graph.bytes(GraphField.input, message);
  graph
    .message(GraphField.output, encodeValueInfo({ name: LOGITS, datatype: 'FP32', shape: [batch, classes] }))
    .message(GraphField.output, encodeValueInfo({ name: EMBEDDING, datatype: 'FP32', shape: [batch, dimensions] }));
  return encodeWith(backbone, graph);
}

function encodeWith({ irVersion, otherFields }: Backbone, graph: ProtobufWriter): Uint8Array {
  const writer = new ProtobufWriter().int(ModelField.irVersion, Math.max(irVersion, OLDEST_IR_VERSION));
  for (const field of otherFields) writer.append(field);
  return writer.message(ModelField.graph, graph).finish();
}

type Kept = Pick<Backbone, 'nodes' | 'initializers' | 'inputs'>;

/** Nodes come after those that they take from: one walk backwards finds all that a value needs. */
function keepNeeded({ nodes, initializers, inputs }: Backbone, embedding: string): Kept {
  const needed = new Set([embedding]);
  const keptNodes = nodes
    .toReversed()
    .filter(({ inputs: taken, outputs }) => {
      if (!outputs.some((name) => needed.has(name))) return false;
      for (const name of taken) needed.add(name);
      return true;
    })
    .reverse();
  if (!keptNodes.some(({ outputs }) => outputs.includes(embedding))) {
    throw new UnreadableOnnxModelError(`no node of the backbone makes '${embedding}'`);
  }
  const constants = new Set(initializers.flatMap(({ outputs }) => outputs));
  return {
    nodes: keptNodes,
    initializers: initializers.filter(({ outputs }) => outputs.some((name) => needed.has(name))),
    inputs: inputs.filter(({ value }) => !constants.has(value.name)),
  };
}

/** New names of the backbone's values. */
function renaming({ nodes, initializers, inputs }: Kept, embedding: string): (name: string) => string {
  const clash = inputs.find(({ value }) => reserved.has(value.name));
  if (clash) throw new UnreadableOnnxModelError(`the backbone has an input '${clash.value.name}', a name of the head`);
  const used = new Set([...nodes, ...initializers].flatMap((each) => [...each.inputs, ...each.outputs]));
  const names = new Map<string, string>();
  for (const name of used.intersection(reserved)) names.set(name, unused(`backbone/${name}`, used));
  names.set(embedding, EMBEDDING);
  return (name) => names.get(name) ?? name;
}

const unused = (name: string, used: ReadonlySet<string>): string => (used.has(name) ? unused(`${name}_`, used) : name);

/** The message with its names renamed; all else stays as it lies in the file. */
function renamed(
  { message }: NamedMessage,
  fields: readonly number[],
  rename: (name: string) => string,
): ProtobufWriter {
  const writer = new ProtobufWriter();
  for (const field of readFields(message)) {
    if (fields.includes(field.number)) writer.string(field.number, rename(textOf(field)));
    else writer.append(message.subarray(field.start, field.end));
  }
  return writer;
}

function sizesOf({ outputs }: Backbone, embedding: string, { weights, bias }: LinearHead) {
  const classes = bias.length;
  const dimensions = weights.length / classes;
  if (!Number.isInteger(dimensions) || dimensions < 1) {
    throw new RangeError(`${weights.length} weights are not shared out evenly among ${classes} classes`);
  }
  const shape = outputs.find(({ name }) => name === embedding)?.shape ?? ['N', dimensions];
  const [batch, width] = shape;
  if (batch === undefined || shape.length !== 2 || (typeof width === 'number' && width !== dimensions)) {
    throw new RangeError(`the head takes [N, ${dimensions}]; '${embedding}' is [${shape.join(', ')}]`);
  }
  return { batch: batch || 'N', dimensions, classes };
}
