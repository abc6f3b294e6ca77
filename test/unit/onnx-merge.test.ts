import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '@kilat/core/learning';
import { inspectModel, mergeBackboneAndHead, UnreadableOnnxModelError } from '@kilat/core/onnx';
import { describe, expect, it } from 'vitest';
import { goldenOnnx, signsHead } from '../support/golden-onnx.ts';
import { type RunInput, runOnnx } from '../support/onnx-run.ts';
import { projectRoot } from '../support/shared-data.ts';

const signs = readFileSync(join(projectRoot, 'models/signs/model.onnx'));

function noise(shape: readonly number[]): RunInput {
  const random = seededRandom(1);
  const size = shape.reduce((a, b) => a * b);
  return [Float32Array.from({ length: size }, () => random.normal()), shape];
}

const largestDifference = (a: unknown[], b: unknown[]): number =>
  Math.max(...a.map((value, index) => Math.abs((value as number) - (b[index] as number))));

describe('a backbone under its old head', () => {
  it('answers as it did before, to 1e-5', async () => {
    const input = { pixel_values: noise([3, 3, 64, 64]) };

    const merged = mergeBackboneAndHead({ backbone: signs, embedding: 'embedding', head: signsHead });

    const [before, after] = [await runOnnx(signs, input), await runOnnx(merged, input)];
    expect(Object.keys(after)).toEqual(['logits', 'embedding']);
    expect(after.logits).toHaveLength(30);
    expect(largestDifference(after.logits!, before.logits!)).toBeLessThan(1e-5);
    expect(after.embedding).toEqual(before.embedding);
  });

  it('has no node and no weight of the old head', () => {
    const merged = mergeBackboneAndHead({ backbone: signs, embedding: 'embedding', head: signsHead });

    const { operators, outputs, sizeBytes } = inspectModel(merged);
    expect(operators.filter(({ opType }) => opType === 'Gemm')).toEqual([{ domain: '', opType: 'Gemm', count: 1 }]);
    expect(outputs).toEqual([
      { name: 'logits', datatype: 'FP32', shape: ['batch', 10] },
      { name: 'embedding', datatype: 'FP32', shape: ['batch', 128] },
    ]);
    expect(sizeBytes).toBeLessThan(signs.length + 1000);
  });

  it('can be given another head once more', async () => {
    const first = mergeBackboneAndHead({ backbone: signs, embedding: 'embedding', head: signsHead });
    const head = { weights: new Float32Array(128 * 2), bias: Float32Array.of(1, -1) };

    const second = mergeBackboneAndHead({ backbone: first, embedding: 'embedding', head });

    const { logits } = await runOnnx(second, { pixel_values: noise([1, 3, 64, 64]) });
    expect(logits).toEqual([1, -1]);
    expect(mergeBackboneAndHead({ backbone: second, embedding: 'embedding', head: signsHead })).toEqual(first);
  });
});

describe('a backbone whose values have the names of the head', () => {
  const head = { weights: Float32Array.of(1, 0, 0, 1, 1, 1), bias: Float32Array.of(0.5, 0) };

  it('gets others for them, and its embedding the name it is to have', async () => {
    const merged = mergeBackboneAndHead({ backbone: goldenOnnx('colliding_backbone'), embedding: 'features', head });

    // x W = (1, 0, 2.5), and relu leaves it; times the head's weights and bias that is (1 + 2.5 + 0.5, 2.5).
    const { embedding, logits } = await runOnnx(merged, { x: [Float32Array.of(1, 1), [1, 2]] });
    expect(embedding).toEqual([1, 0, 2.5]);
    expect(logits).toEqual([4, 2.5]);
  });

  it.each<[string, Parameters<typeof mergeBackboneAndHead>[0], Error]>([
    [
      'an embedding that no node makes',
      { backbone: goldenOnnx('plain'), embedding: 'x', head },
      new UnreadableOnnxModelError("no node of the backbone makes 'x'"),
    ],
    [
      'a head for another embedding',
      {
        backbone: goldenOnnx('colliding_backbone'),
        embedding: 'features',
        head: { ...head, weights: new Float32Array(8) },
      },
      new RangeError("the head takes [N, 4]; 'features' is [batch, 3]"),
    ],
    [
      'weights that no number of dimensions has',
      { backbone: goldenOnnx('plain'), embedding: 'y', head: { ...head, weights: new Float32Array(7) } },
      new RangeError('7 weights are not shared out evenly among 2 classes'),
    ],
    [
      'weights in another file',
      { backbone: goldenOnnx('with_external_data'), embedding: 'y', head },
      new UnreadableOnnxModelError('the backbone has weights in another file'),
    ],
    [
      'functions',
      { backbone: goldenOnnx('with_function'), embedding: 'y', head },
      new UnreadableOnnxModelError('the backbone defines operators of its own'),
    ],
  ])('is refused with %s', (_case, request, error) => {
    expect(() => mergeBackboneAndHead(request)).toThrow(error);
  });
});
