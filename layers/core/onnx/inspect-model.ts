import { UnreadableOnnxModelError } from './errors.ts';
import {
  AttributeField,
  FunctionField,
  GraphField,
  ModelField,
  NodeField,
  OperatorSetField,
  SparseTensorField,
  TensorField,
  TrainingInfoField,
} from './onnx-proto.ts';
import { messageOf, type ProtobufField, readFields, textOf } from './protobuf-reader.ts';
import { type DeclaredValue, once, readValueInfo } from './read-value-info.ts';

/** What a model's file says, read without running any of it. */
export interface ModelInspection {
  readonly sizeBytes: number;
  readonly irVersion: number;
  /** the version of each imported operator set, by its domain; ONNX's own is '' */
  readonly opsets: ReadonlyMap<string, number>;
  readonly inputs: readonly DeclaredValue[];
  readonly outputs: readonly DeclaredValue[];
  /** how many nodes of each operator there are, subgraphs and functions included */
  readonly operators: readonly OperatorCount[];
  /** domains of nodes or operator sets that are not ONNX's own ('', 'ai.onnx', 'ai.onnx.ml') */
  readonly customDomains: readonly string[];
  /** whether a tensor's values lie in another file, which a loader would open */
  readonly hasExternalData: boolean;
  /** whether the model defines operators of its own */
  readonly hasFunctions: boolean;
  /** whether a node holds a graph, as If, Loop and Scan do */
  readonly hasSubgraphs: boolean;
}

export interface OperatorCount {
  readonly domain: string;
  readonly opType: string;
  readonly count: number;
}

/** What a hostile file is held to. Real models stay far below. */
const MAX_MESSAGES = 1_000_000;
const MAX_DEPTH = 16;
const MAX_VALUES = 10_000;
const MAX_OPERATORS = 1_000;
const MAX_NAME_LENGTH = 1_000;

const ownDomains: ReadonlySet<string> = new Set(['', 'ai.onnx', 'ai.onnx.ml']);

/**
 * Reads a model as far as it takes to decide whether to run it. Its time grows with the size of the file, its memory hardly.
 * @throws {UnreadableOnnxModelError} when the bytes are no model, or one beyond what any real model has
 */
export function inspectModel(model: Uint8Array): ModelInspection {
  return new Inspector().model(model);
}

class Inspector {
  readonly #opsets = new Map<string, number>();
  readonly #operators = new Map<string, { domain: string; opType: string; count: number }>();
  readonly #inputs: DeclaredValue[] = [];
  readonly #outputs: DeclaredValue[] = [];
  #messages = 0;
  #hasExternalData = false;
  #hasFunctions = false;
  #hasSubgraphs = false;

  model(bytes: Uint8Array): ModelInspection {
    let irVersion = 0;
    let graph: Uint8Array | undefined;
    for (const field of readFields(bytes)) {
      if (field.number === ModelField.irVersion) irVersion = field.int;
      if (field.number === ModelField.opsetImport) this.#opset(messageOf(field));
      if (field.number === ModelField.graph) graph = once(graph, messageOf(field), 'graph');
      if (field.number === ModelField.functions) this.#function(messageOf(field));
      if (field.number === ModelField.trainingInfo) this.#trainingInfo(messageOf(field));
    }
    if (!graph) throw new UnreadableOnnxModelError('there is no graph');
    this.#signature(graph);
    this.#graph(graph, 0);
    const domains = [...this.#opsets.keys(), ...this.#operators.values().map(({ domain }) => domain)];
    return {
      sizeBytes: bytes.length,
      irVersion,
      opsets: this.#opsets,
      inputs: this.#inputs,
      outputs: this.#outputs,
      operators: [...this.#operators.values()],
      customDomains: [...new Set(domains)].filter((domain) => !ownDomains.has(domain)).sort(),
      hasExternalData: this.#hasExternalData,
      hasFunctions: this.#hasFunctions,
      hasSubgraphs: this.#hasSubgraphs,
    };
  }

  #opset(message: Uint8Array): void {
    let domain = '';
    let version = 0;
    for (const field of readFields(message)) {
      if (field.number === OperatorSetField.domain) domain = shortText(field);
      if (field.number === OperatorSetField.version) version = field.int;
    }
    this.#opsets.set(domain, version);
    assertFewer('operator sets', this.#opsets.size, MAX_OPERATORS);
  }

  #signature(graph: Uint8Array): void {
    for (const field of readFields(graph)) {
      if (field.number === GraphField.input) this.#inputs.push(readValueInfo(messageOf(field)));
      if (field.number === GraphField.output) this.#outputs.push(readValueInfo(messageOf(field)));
      assertFewer('inputs and outputs', this.#inputs.length + this.#outputs.length, MAX_VALUES);
    }
  }

  #function(message: Uint8Array): void {
    this.#hasFunctions = true;
    for (const field of readFields(message)) {
      if (field.number === FunctionField.node) this.#node(messageOf(field), 0);
      if (field.number === FunctionField.attribute) this.#attribute(messageOf(field), 0);
    }
  }

  #trainingInfo(message: Uint8Array): void {
    for (const field of readFields(message)) {
      const isGraph = field.number === TrainingInfoField.initialization || field.number === TrainingInfoField.algorithm;
      if (isGraph) this.#graph(messageOf(field), 0);
    }
  }

  #graph(message: Uint8Array, depth: number): void {
    if (depth > MAX_DEPTH) throw new UnreadableOnnxModelError(`graphs are nested more than ${MAX_DEPTH} deep`);
    for (const field of readFields(message)) {
      if (field.number === GraphField.node) this.#node(messageOf(field), depth);
      if (field.number === GraphField.initializer) this.#tensor(messageOf(field));
      if (field.number === GraphField.sparseInitializer) this.#sparseTensor(messageOf(field));
    }
  }

  #node(message: Uint8Array, depth: number): void {
    this.#count();
    let domain = '';
    let opType = '';
    for (const field of readFields(message)) {
      if (field.number === NodeField.opType) opType = shortText(field);
      if (field.number === NodeField.domain) domain = shortText(field);
      if (field.number === NodeField.attribute) this.#attribute(messageOf(field), depth);
    }
    const key = JSON.stringify([domain, opType]);
    const known = this.#operators.get(key);
    if (known) known.count += 1;
    else this.#operators.set(key, { domain, opType, count: 1 });
    assertFewer('operators', this.#operators.size, MAX_OPERATORS);
  }

  #attribute(message: Uint8Array, depth: number): void {
    this.#count();
    for (const field of readFields(message)) {
      if (field.number === AttributeField.tensor || field.number === AttributeField.tensors) {
        this.#tensor(messageOf(field));
      }
      if (field.number === AttributeField.sparseTensor || field.number === AttributeField.sparseTensors) {
        this.#sparseTensor(messageOf(field));
      }
      if (field.number === AttributeField.graph || field.number === AttributeField.graphs) {
        this.#hasSubgraphs = true;
        this.#graph(messageOf(field), depth + 1);
      }
    }
  }

  #sparseTensor(message: Uint8Array): void {
    for (const field of readFields(message)) {
      const isTensor = field.number === SparseTensorField.values || field.number === SparseTensorField.indices;
      if (isTensor) this.#tensor(messageOf(field));
    }
  }

  #tensor(message: Uint8Array): void {
    this.#count();
    for (const field of readFields(message)) {
      const isElsewhere = field.number === TensorField.dataLocation && field.int !== 0;
      if (isElsewhere || field.number === TensorField.externalData) this.#hasExternalData = true;
    }
  }

  #count(): void {
    this.#messages += 1;
    assertFewer('nodes, attributes and tensors', this.#messages, MAX_MESSAGES);
  }
}

function shortText(field: ProtobufField): string {
  assertFewer('characters of a name', field.bytes?.length ?? 0, MAX_NAME_LENGTH);
  return textOf(field);
}

function assertFewer(what: string, count: number, most: number): void {
  if (count > most) throw new UnreadableOnnxModelError(`there are ${count} ${what}, more than ${most}`);
}
