import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sha256Of } from '@kilat/adapters/model-folder';
import { goldenSchema } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { verifyModel } from '../../cli/models/verify/verify.ts';
import { colourClassifier } from '../support/onnx-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const weights = colourClassifier();

function aManifest(facts: object = {}) {
  return {
    name: 'colour',
    version: '1',
    task: 'image-classification',
    description: 'names a colour',
    licence: 'MIT',
    source: {},
    weights: { file: 'model.onnx', sha256: sha256Of(weights), bytes: weights.length },
    signature: {
      inputs: [{ name: 'pixel_values', datatype: 'FP32', shape: [-1, 3, 8, 8] }],
      outputs: [{ name: 'logits', datatype: 'FP32', shape: [-1, 3] }],
    },
    preprocessing: { size: { height: 8, width: 8 } },
    postprocessing: { output: 'logits' },
    labels: ['red', 'green', 'blue'],
    ...facts,
  };
}

/** Writes a model folder and verifies it. */
async function verifying(facts: object = {}, files: Record<string, string | Uint8Array> = {}) {
  const modelsDir = temporaryFolder();
  const folder = join(modelsDir, 'colour');
  mkdirSync(folder);
  const contents = { 'model.onnx': weights, 'model.json': JSON.stringify(aManifest(facts)), ...files };
  for (const [name, content] of Object.entries(contents)) writeFileSync(join(folder, name), content);
  return verifyModel(modelsDir, 'colour');
}

const withGolden = (golden: object) => ({ 'golden.json': JSON.stringify({ tolerance: 0.05, cases: [], ...golden }) });

describe('a model folder', () => {
  it('is in order when the model answers a blank image', async () => {
    expect(await verifying()).toEqual({ model: 'colour', version: '1', ok: true, cases: [] });
  });

  it.each([
    [
      'its weights were changed',
      {},
      { 'model.onnx': colourClassifier({ batch: 1 }) },
      /has the sha256 \w+; \w+ was expected/,
    ],
    ['its manifest is no JSON', {}, { 'model.json': '{' }, /cannot be read as JSON/],
    ['its manifest lacks a field', { licence: undefined }, {}, /is not a model manifest:; .*licence/],
    ['it has another name than its folder', { name: 'hue' }, {}, /its manifest calls it 'hue'/],
    ['a label is missing', { labels: ['red', 'green'] }, {}, /'logits' has 3 values and there are 2 labels/],
    [
      'its postprocessing names no output',
      { postprocessing: { output: 'scores' } },
      {},
      /'scores', which is no output/,
    ],
    [
      'its preprocessing makes another size',
      { preprocessing: { size: { height: 9, width: 9 } } },
      {},
      /nvalid dimensions/,
    ],
    ['its golden cases are not in order', {}, { 'golden.json': '{"cases": 3}' }, /golden\.json is not in order/],
  ])('fails when %s', async (_, facts, files, reason) => {
    const report = await verifying(facts, files);

    expect(report.ok).toBe(false);
    expect(report.failure).toMatch(reason);
  });

  it('fails with the way out when the weights of a public model were not pulled', async () => {
    const modelsDir = temporaryFolder();
    mkdirSync(join(modelsDir, 'mobilenetv2'));
    const manifest = aManifest({ name: 'mobilenetv2' });
    writeFileSync(join(modelsDir, 'mobilenetv2/model.json'), JSON.stringify(manifest));

    const { failure } = await verifyModel(modelsDir, 'mobilenetv2');

    expect(failure).toBe('model.onnx is not here; "kilat models pull mobilenetv2" fetches it');
  });
});

describe('a tensor case', () => {
  // pixel i is i mod 4: each channel of 8 x 8 has a mean of 1.5, and is 0.5 after (1.5 - 0.5) / 2
  const formula = { multiplier: 1, offset: 0, modulus: 4, divisor: 1, shape: [1, 3, 8, 8] };
  const preprocessing = { size: { height: 8, width: 8 }, image_mean: [0.5, 0.5, 0.5], image_std: [2, 2, 2] };

  it('passes when the logits are as near as its tolerance asks', async () => {
    const golden = { tensor_tolerance: 0.001, tensor_cases: [{ ...formula, logits: [0.5, 0.5, 0.5009] }] };

    expect(await verifying({ preprocessing }, withGolden(golden))).toMatchObject({ ok: true });
  });

  it('fails beyond its tolerance, and says which case and by how much', async () => {
    const golden = { tensor_tolerance: 0.001, tensor_cases: [{ ...formula, logits: [0.5, 0.5, 0.6] }] };

    const report = await verifying({ preprocessing }, withGolden(golden));

    expect(report.failure).toBe('1 of 1 golden cases failed: tensor 1, 0, 4, 1');
    expect(report.cases[0]!.deviation).toBeCloseTo(0.1, 6);
  });

  it('fails when the model has no embedding and one is expected', async () => {
    const tensorCase = { ...formula, logits: [0.5, 0.5, 0.5], embedding_first_8: [1] };

    expect(await verifying({ preprocessing }, withGolden({ tensor_cases: [tensorCase] }))).toMatchObject({ ok: false });
  });
});

it('reads golden cases that have no tensor cases', () => {
  expect(goldenSchema.parse({ tolerance: 0.1, cases: [] })).toMatchObject({ tensor_cases: [] });
});
