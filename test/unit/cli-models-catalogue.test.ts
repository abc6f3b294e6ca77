import { describe, expect, it } from 'vitest';
import { catalogue } from '../../cli/catalogue/index.ts';
import { modelCard } from '../../cli/models/pull/model-card.ts';

const entries = [...catalogue];
const labels = catalogue.get('mobilenetv2')!.manifest.labels;

it('names the 1000 classes of ImageNet, each once', () => {
  expect(labels).toHaveLength(1000);
  expect(new Set(labels).size).toBe(1000);
});

// https://github.com/onnx/models/blob/main/validated/vision/classification/synset.txt, counted from 0
it.each([
  [0, 'tench, Tinca tinca'],
  [134, 'crane (bird)'],
  [207, 'golden retriever'],
  [517, 'crane (machine)'],
  [999, 'toilet tissue, toilet paper, bathroom tissue'],
])('has class %i where ImageNet has it', (index, label) => {
  expect(labels[index]).toBe(label);
});

describe.each(entries)('%s', (name, entry) => {
  it('has several mirrors, all of them encrypted', () => {
    expect(entry.mirrors.length).toBeGreaterThan(1);
    expect(entry.mirrors.every(({ url }) => url.startsWith('https://'))).toBe(true);
  });

  it('tells in its card the licence, the hash and which addresses were not tried', () => {
    const card = modelCard(entry);

    expect(card).toContain(`| licence | ${entry.manifest.licence} |`);
    expect(card).toContain(entry.manifest.weights.sha256);
    expect(card.match(/\(address not yet verified\)/g)).toHaveLength(2);
    expect(card.startsWith(`# ${name}\n`)).toBe(true);
  });
});

it('keeps the batch of ShuffleNet at 1, which its graph demands', () => {
  const { signature } = catalogue.get('shufflenetv2')!.manifest;

  expect(signature.inputs[0]!.shape).toEqual([1, 3, 224, 224]);
});
