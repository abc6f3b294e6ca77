import { encodeModel, InvalidOnnxGraphError, ML_DOMAIN, type OnnxGraph } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { runOnnx } from '../support/onnx-run.ts';

/** y = x W + b, with W of 2 x 1. */
const linear = (changes: Partial<OnnxGraph> = {}): OnnxGraph => ({
  name: 'linear',
  inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 2] }],
  outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ opType: 'Gemm', inputs: ['x', 'W', 'b'], outputs: ['y'] }],
  initializers: [
    { name: 'W', shape: [2, 1], values: Float32Array.of(2, -3) },
    { name: 'b', shape: [1], values: Float32Array.of(0.5) },
  ],
  ...changes,
});

describe('an encoded model', () => {
  it('runs in onnxruntime', async () => {
    const model = encodeModel(linear());

    const { y } = await runOnnx(model, { x: [Float32Array.of(1, 1, 4, 2), [2, 2]] });

    expect(y).toEqual([-0.5, 2.5]);
  });

  it('carries attributes of every type, strings and int64', async () => {
    const graph = linear({
      inputs: [],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 2] }],
      initializers: [
        { name: 'shape', shape: [2], values: BigInt64Array.of(-1n, 2n) },
        { name: 'colours', shape: [2, 1], values: ['grün', 'blue'] },
      ],
      nodes: [
        {
          opType: 'LabelEncoder',
          domain: ML_DOMAIN,
          inputs: ['colours'],
          outputs: ['code'],
          attributes: {
            keys_strings: { strings: ['red', 'grün'] },
            values_floats: { floats: [1, 2] },
            default_float: { float: -0.5 },
          },
        },
        {
          opType: 'Constant',
          inputs: [],
          outputs: ['ten'],
          attributes: { value: { tensor: { shape: [], values: Float32Array.of(10) } } },
        },
        { opType: 'Mul', inputs: ['code', 'ten'], outputs: ['tens'] },
        { opType: 'Concat', inputs: ['code', 'tens'], outputs: ['pair'], attributes: { axis: { int: -1 } } },
        { opType: 'Reshape', inputs: ['pair', 'shape'], outputs: ['y'] },
      ],
    });
    const { y } = await runOnnx(encodeModel(graph), {});

    expect(y).toEqual([2, 20, -0.5, -5]);
  });

  it('is the same bytes for the same graph', () => {
    const first = encodeModel(linear({ metadata: { seed: '1', rows: '7043' } }));
    const second = encodeModel(linear({ metadata: { rows: '7043', seed: '1' } }));

    expect(second).toEqual(first);
  });

  it('has exactly these bytes, as onnx 1.23.2 writes them', () => {
    const model = encodeModel({
      name: 'g',
      inputs: [{ name: 'x', datatype: 'FP32', shape: ['N', 300] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: ['N', 300] }],
      nodes: [{ opType: 'LeakyRelu', inputs: ['x'], outputs: ['y'], attributes: { alpha: { float: 0.5 } } }],
      metadata: { k: 'v' },
    });

    expect(Buffer.from(model).toString('hex')).toBe(
      '080812056b696c61743a620a2f0a01781201791a0b4c65616b7952656c755f3022094c65616b7952656c752a0f0a05616c706861150000003f' +
        'a001011201675a150a017812100a0e0801120a0a0312014e0a0308ac0262150a017912100a0e0801120a0a0312014e0a0308ac0242040a0010' +
        '1172060a016b120176',
    );
  });

  it.each<[string, Partial<OnnxGraph>, string]>([
    ['no name', { name: '' }, 'the graph has no name'],
    ['an input that nothing makes', { initializers: [] }, "Gemm takes 'W', which nothing before it makes"],
    ['an output that nothing makes', { nodes: [] }, "an output of the graph takes 'y', which nothing before it makes"],
    [
      'a value made twice',
      { inputs: [{ name: 'W', datatype: 'FP32', shape: [1] }] },
      "'W' is made twice, the second time as an initializer",
    ],
    [
      'an initializer of another size than its shape',
      {
        initializers: [
          { name: 'W', shape: [2, 2], values: Float32Array.of(1) },
          { name: 'b', shape: [1], values: Float32Array.of(1) },
        ],
      },
      "tensor 'W' of shape [2,2] holds 4 values, not 1",
    ],
  ])('is refused where the graph has %s', (_case, changes, message) => {
    const encoding = (): unknown => encodeModel(linear(changes));

    expect(encoding).toThrow(new InvalidOnnxGraphError(message));
  });

  it('is refused where an attribute is no whole number', () => {
    const nodes = [{ opType: 'Relu', inputs: ['x'], outputs: ['y'], attributes: { axis: { int: 0.5 } } }];

    expect(() => encodeModel(linear({ nodes }))).toThrow(RangeError);
  });
});
