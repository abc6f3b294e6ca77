import type { TensorSignature } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { fitSignature } from '../../cli/models/add/fit.ts';

const anInput = (facts: Partial<TensorSignature> = {}): TensorSignature => ({
  name: 'pixel_values',
  datatype: 'FP32',
  shape: [-1, 3, 224, 224],
  ...facts,
});
const anOutput = (facts: Partial<TensorSignature> = {}): TensorSignature => ({
  name: 'logits',
  datatype: 'FP32',
  shape: [-1, 10],
  ...facts,
});
const fitted = (input: Partial<TensorSignature>, output: Partial<TensorSignature> = {}, options = {}) =>
  fitSignature({ inputs: [anInput(input)], outputs: [anOutput(output)] }, options);

describe('a signature that an image classifier may have', () => {
  it('gives the size that its shape states, height before width', () => {
    const graph = fitted({ shape: [1, 3, 192, 256] });

    expect(graph).toMatchObject({ height: 192, width: 256 });
  });

  it('takes the stated size where the shape is free', () => {
    const graph = fitted({ shape: [-1, 3, -1, -1] }, {}, { size: 96 });

    expect(graph.input.shape).toEqual([-1, 3, 96, 96]);
  });

  it('picks the output that is named', () => {
    const outputs = [anOutput(), anOutput({ name: 'embedding', shape: [-1, 64] })];

    const graph = fitSignature({ inputs: [anInput()], outputs }, { output: 'logits' });

    expect(graph.output.name).toBe('logits');
  });
});

describe('a signature that does not fit is refused', () => {
  it.each([
    ['channels that come last', { shape: [1, 224, 224, 3] }, /its channels come last; export it as NCHW/],
    ['one channel', { shape: [1, 1, 28, 28] }, /three channels are expected, not 1/],
    ['a batch of 8', { shape: [8, 3, 224, 224] }, /its batch is fixed/],
    ['three dimensions', { shape: [3, 224, 224] }, /four dimensions are expected/],
    ['bytes', { datatype: 'UINT8' as const }, /is UINT8 \[any, 3, 224, 224\]: FP32 is expected/],
    ['half precision', { datatype: 'FP16' as const }, /FP32 is expected/],
    ['a free size that nobody states', { shape: [1, 3, -1, -1] }, /say --size/],
  ])('with an input of %s', (_, input, reason) => {
    expect(() => fitted(input)).toThrow(reason);
  });

  it.each([
    ['a map of labels', { shape: [1, 10, 7, 7] }, /two dimensions are expected/],
    ['whole numbers', { datatype: 'INT64' as const }, /FP32 is expected/],
    ['a batch of 8', { shape: [8, 10] }, /its batch is fixed/],
  ])('with an output of %s', (_, output, reason) => {
    expect(() => fitted({}, output)).toThrow(reason);
  });

  it('with two inputs', () => {
    const inputs = [anInput(), anInput({ name: 'mask' })];

    expect(() => fitSignature({ inputs, outputs: [anOutput()] }, {})).toThrow(
      "the model has 2 inputs ('pixel_values', 'mask'); an image classifier has one",
    );
  });

  it('with two outputs and none named', () => {
    const outputs = [anOutput(), anOutput({ name: 'embedding' })];

    expect(() => fitSignature({ inputs: [anInput()], outputs }, {})).toThrow("('logits', 'embedding'); say which");
  });

  it('with a named output that it has not', () => {
    expect(() => fitted({}, {}, { output: 'scores' })).toThrow("no output 'scores'; it has 'logits'");
  });

  it('with another size than the one stated', () => {
    expect(() => fitted({}, {}, { size: 299 })).toThrow('that is not --size 299');
  });
});
