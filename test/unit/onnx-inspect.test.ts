import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@kilat/core/learning';
import { encodeModel, inspectModel, UnreadableOnnxModelError } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { goldenOnnx } from '../support/golden-onnx.ts';
import { projectRoot } from '../support/shared-data.ts';

describe('a model that onnx wrote', () => {
  it('is told by its signature, operators and versions', () => {
    const model = goldenOnnx('plain');

    const inspection = inspectModel(model);

    expect(inspection).toEqual({
      sizeBytes: model.length,
      irVersion: 8,
      opsets: new Map([['', 17]]),
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 3] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 3] }],
      operators: [{ domain: '', opType: 'Relu', count: 1 }],
      customDomains: [],
      hasExternalData: false,
      hasFunctions: false,
      hasSubgraphs: false,
    });
  });

  it.each([
    ['with_external_data', { hasExternalData: true, hasSubgraphs: false }],
    ['with_external_constant', { hasExternalData: true, hasSubgraphs: false }],
    ['with_external_data_in_branch', { hasExternalData: true, hasSubgraphs: true }],
    ['with_function', { hasFunctions: true, customDomains: ['own'], hasExternalData: false }],
  ])('shows what is unsafe in it: %s', (name, expected) => {
    expect(inspectModel(goldenOnnx(name))).toMatchObject(expected);
  });

  it('counts the operators of branches and functions too', () => {
    const branches = inspectModel(goldenOnnx('with_external_data_in_branch')).operators;
    const functions = inspectModel(goldenOnnx('with_function')).operators;

    expect(branches).toContainEqual({ domain: '', opType: 'Identity', count: 2 });
    expect(functions).toContainEqual({ domain: '', opType: 'Add', count: 1 });
  });

  it('that PyTorch exported is read too', () => {
    const { inputs, outputs, opsets } = inspectModel(readFileSync(join(projectRoot, 'models/signs/model.onnx')));

    expect(inputs).toEqual([{ name: 'pixel_values', datatype: 'FP32', shape: ['batch', 3, 64, 64] }]);
    expect(outputs.map(({ name }) => name)).toEqual(['logits', 'embedding']);
    expect(opsets).toEqual(new Map([['', 15]]));
  });
});

const tag = (field: number, length: number): number[] => [field * 8 + 2, ...varint(length)];
const varint = (value: number): number[] => (value < 128 ? [value] : [(value % 128) | 128, ...varint(value >> 7)]);
const GRAPH = 7;

/** graph -> node -> attribute -> graph, and so on. */
function nestedGraphs(depth: number): Uint8Array {
  let graph: number[] = [];
  for (let level = 0; level < depth; level++) {
    for (const field of [6, 5, 1]) graph = [...tag(field, graph.length), ...graph];
  }
  return Uint8Array.from([...tag(GRAPH, graph.length), ...graph]);
}

const repeatedInGraph = (field: number, count: number): Uint8Array => {
  const graph = Array.from({ length: count }, () => [field * 8 + 2, 0]).flat();
  return Uint8Array.from([...tag(GRAPH, graph.length), ...graph]);
};

describe('hostile bytes', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(), 'there is no graph'],
    ['text', Buffer.from('not a model'), 'a field has the wire type 6, which is not in use'],
    ['a length beyond the end', Uint8Array.of(58, 200, 1), 'a field has 200 bytes where 0 are left'],
    [
      'a length of 2^63',
      Uint8Array.of(58, 128, 128, 128, 128, 128, 128, 128, 128, 128, 1),
      'a field has -9223372036854776000 bytes where 0 are left',
    ],
    ['a number without an end', new Uint8Array(100).fill(255), 'a number has more than 64 bits'],
    ['a second graph', Uint8Array.of(58, 0, 58, 0), 'the graph comes twice'],
    ['a graph that is a number', Uint8Array.of(56, 1), 'field 7 is a number, not a message'],
    ['a name that is no UTF-8', Uint8Array.of(58, 5, 10, 3, 34, 1, 255), 'field 4 is no UTF-8'],
    ['graphs within graphs', nestedGraphs(1000), 'graphs are nested more than 16 deep'],
    ['inputs without end', repeatedInGraph(11, 10_001), 'there are 10001 inputs and outputs, more than 10000'],
  ])('are refused: %s', (_case, bytes, message) => {
    expect(() => inspectModel(bytes)).toThrow(new UnreadableOnnxModelError(message));
  });

  it('are refused: nodes without end', () => {
    const million = new Uint8Array(2_000_100).fill(0);
    million.set([58, ...varint(2_000_096)]);
    for (let at = 4; at < million.length; at += 2) million[at] = 10;

    expect(() => inspectModel(million)).toThrow(
      new UnreadableOnnxModelError('there are 1000001 nodes, attributes and tensors, more than 1000000'),
    );
  });

  it('made of a good model by chance are read or refused, and nothing else', () => {
    const random = seededRandom(7);
    const names = ['plain', 'with_external_data_in_branch', 'with_function', 'colliding_backbone'];
    const outcomes = { read: 0, refused: 0 };

    for (let round = 0; round < 4000; round++) {
      const bytes = goldenOnnx(names[round % names.length]!);
      for (let flips = 1 + random.int(4); flips > 0; flips--) bytes[random.int(bytes.length)] = random.int(256);
      const outcome = outcomeOf(bytes.subarray(0, random.int(3) ? bytes.length : random.int(bytes.length)));
      outcomes[outcome] += 1;
    }

    expect(outcomes.read).toBeGreaterThan(400);
    expect(outcomes.refused).toBeGreaterThan(400);
  });
});

function outcomeOf(bytes: Uint8Array): 'read' | 'refused' {
  try {
    inspectModel(bytes);
    return 'read';
  } catch (error) {
    if (error instanceof UnreadableOnnxModelError) return 'refused';
    throw error;
  }
}

it('what is encoded is inspected as it was meant', () => {
  const model = encodeModel({
    name: 'sum',
    inputs: [{ name: 'x', datatype: 'INT64', shape: ['rows', 4] }],
    outputs: [{ name: 'y', datatype: 'INT64', shape: ['rows'] }],
    nodes: [{ opType: 'ReduceSum', inputs: ['x', 'axes'], outputs: ['y'], attributes: { keepdims: { int: 0 } } }],
    initializers: [{ name: 'axes', shape: [1], values: BigInt64Array.of(1n) }],
  });

  expect(inspectModel(model)).toMatchObject({
    inputs: [{ name: 'x', datatype: 'INT64', shape: ['rows', 4] }],
    outputs: [{ name: 'y', datatype: 'INT64', shape: ['rows'] }],
    operators: [{ domain: '', opType: 'ReduceSum', count: 1 }],
  });
});
