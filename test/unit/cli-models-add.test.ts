import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { type AddOptions, addModel } from '../../cli/models/add/add.ts';
import { verifyModel } from '../../cli/models/verify/verify.ts';
import { type ColourClassifier, colourClassifier } from '../support/onnx-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const picture = (background: string): Promise<Buffer> =>
  sharp({ create: { width: 20, height: 10, channels: 3, background } })
    .png()
    .toBuffer();

/** A folder with a colour classifier's files, and what adds it. */
async function adding(graph: ColourClassifier = {}, options: Partial<AddOptions> = {}) {
  const folder = temporaryFolder();
  const modelsDir = join(folder, 'models');
  writeFileSync(join(folder, 'colour.onnx'), colourClassifier(graph));
  writeFileSync(join(folder, 'labels.txt'), 'red\ngreen\nblue\n');
  writeFileSync(join(folder, 'red.png'), await picture('#ff0000'));
  const files = { onnx: join(folder, 'colour.onnx'), labels: join(folder, 'labels.txt') };
  const add = (more: Partial<AddOptions> = {}) =>
    addModel({ modelsDir, name: 'colour', ...files, ...options, ...more });
  return { add, folder, modelsDir, model: join(modelsDir, 'colour') };
}

describe("anybody's ONNX classifier", () => {
  it('becomes a model folder that verifies, and nothing else is left in the models folder', async () => {
    const { add, folder, modelsDir, model } = await adding();

    await add({ golden: [`${join(folder, 'red.png')}=red`], licence: 'MIT' });

    expect(readdirSync(modelsDir)).toEqual(['colour']);
    expect(readdirSync(model).sort()).toEqual(['README.md', 'examples', 'golden.json', 'model.json', 'model.onnx']);
    expect(await verifyModel(modelsDir, 'colour')).toMatchObject({
      ok: true,
      version: '1',
      cases: [{ name: 'examples/red.png', expected: 'red', found: 'red' }],
    });
  });

  it('is told what was assumed of it', async () => {
    const { add } = await adding();

    const { notes } = await add();

    expect(notes).toEqual([
      "no --preprocessing: assumed the shorter edge to 9, centre crop 8 x 8, ImageNet's mean and deviation",
      'no --activation: softmax is applied to the outputs',
    ]);
  });

  it('gets no second softmax when its outputs sum to 1 already', async () => {
    const { add } = await adding({ activation: 'Softmax' });

    const { manifest } = await add();

    expect(manifest.postprocessing.function_to_apply).toBe('none');
  });

  it('keeps the size that was stated where its shape is free', async () => {
    const { add, modelsDir } = await adding({ edge: 'edge' }, { size: 32 });

    const { manifest } = await add();

    expect(manifest.signature.inputs[0]!.shape).toEqual([-1, 3, 32, 32]);
    expect(await verifyModel(modelsDir, 'colour')).toMatchObject({ ok: true });
  });

  it('replaces a model of its name when told to, as the next version', async () => {
    const { add, model } = await adding();
    await add();

    const { manifest } = await add({ force: true, description: 'another' });

    expect(manifest.version).toBe('2');
    expect(JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')).description).toBe('another');
  });
});

describe('a model that cannot be served is refused, and nothing is written', () => {
  it('when it is no ONNX file', async () => {
    const { add, folder, modelsDir } = await adding();
    writeFileSync(join(folder, 'colour.onnx'), 'not a graph');

    await expect(add()).rejects.toThrow("onnxruntime cannot load the weights of 'colour'");

    expect(existsSync(modelsDir)).toBe(false);
  });

  it('when its file is missing', async () => {
    const { add } = await adding({}, { onnx: '/nowhere/colour.onnx' });

    await expect(add()).rejects.toThrow('the ONNX file cannot be read');
  });

  it('when its file is larger than 250 MiB', async () => {
    const { add, folder } = await adding();
    truncateSync(join(folder, 'colour.onnx'), 250 * 1024 * 1024 + 1); // sparse: takes no room on disk

    await expect(add()).rejects.toThrow('has 262144001 bytes; a model of at most 262144000 can be served');
  });

  it('when it takes bytes', async () => {
    const { add } = await adding({ datatype: 'UINT8' });

    await expect(add()).rejects.toThrow("'pixel_values' is UINT8 [any, 3, 8, 8]: FP32 is expected");
  });

  it('when it has three outputs and two labels', async () => {
    const { add, folder, modelsDir } = await adding();
    writeFileSync(join(folder, 'labels.txt'), 'red\ngreen\n');

    await expect(add()).rejects.toThrow("'logits' has 3 values and there are 2 labels");

    expect(existsSync(modelsDir)).toBe(false);
  });

  it('when it takes a golden image for something else', async () => {
    const { add, folder, modelsDir } = await adding();

    await expect(add({ golden: [`${join(folder, 'red.png')}=blue`] })).rejects.toThrow(
      "the model takes examples/red.png for 'red', expected 'blue'",
    );

    expect(existsSync(modelsDir)).toBe(false);
  });

  it('when its answers are no confidences', async () => {
    const { add } = await adding({}, { activation: 'none' });

    await expect(add()).rejects.toThrow(/with the activation none the model gives -2\.\d+, which is no confidence/);
  });

  it('when its name is taken, and the model that has it stays', async () => {
    const { add, model } = await adding();
    await add({ description: 'the first' });

    await expect(add()).rejects.toThrow("has a model 'colour' already; --force replaces it");

    expect(JSON.parse(readFileSync(join(model, 'model.json'), 'utf8')).description).toBe('the first');
  });

  it('when an output is named that it has not', async () => {
    const { add } = await adding({ second: 'embedding' }, { output: 'scores' });

    await expect(add()).rejects.toThrow("no output 'scores'; it has 'logits', 'embedding'");
  });
});
