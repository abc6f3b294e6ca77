import { describe, expect, it } from 'vitest';
import { parseGoldenImage } from '../../cli/models/add/golden.ts';
import { parseLabels } from '../../cli/models/add/labels.ts';

describe('labels', () => {
  it.each([
    ['one a line', 'cat\ndog\n'],
    ['one a line as Windows writes it', '\uFEFFcat\r\ndog\r\n'],
    ['a JSON array', '["cat", "dog"]'],
    ['id2label of a configuration', '{"model_type": "vit", "id2label": {"0": "cat", "1": "dog"}}'],
    ['id2label alone, in any order', '{"1": "dog", "0": "cat"}'],
  ])('are read from %s', (_, text) => {
    expect(parseLabels(text)).toEqual(['cat', 'dog']);
  });

  it('keep the order of their numbers, not of their digits', () => {
    const id2label = Object.fromEntries(Array.from({ length: 11 }, (_, index) => [index, `class ${index}`]));

    expect(parseLabels(JSON.stringify({ id2label }))[10]).toBe('class 10');
  });

  it.each([
    ['an empty line between two', 'cat\n\ndog', 'label 1 is empty or no text'],
    ['a number among them', '["cat", 1]', 'label 1 is empty or no text'],
    ['one twice', 'crane\ncrane', "the label 'crane' is there twice"],
    ['only one', 'cat', 'there is 1 label; at least two are expected'],
    ['a gap in id2label', '{"0": "cat", "2": "dog"}', 'id2label has 2 labels and none for 1'],
    ['broken JSON', '["cat",', 'the labels look like JSON and are none'],
    ['nothing', '', 'label 0 is empty or no text'],
  ])('are refused with %s', (_, text, reason) => {
    expect(() => parseLabels(text)).toThrow(reason);
  });
});

describe('a golden image', () => {
  it('is cut at the label, wherever else an equals sign stands', () => {
    expect(parseGoldenImage('photos/a=b.jpg=E=mc2', ['cat', 'E=mc2'])).toEqual({
      path: 'photos/a=b.jpg',
      label: 'E=mc2',
    });
  });

  it.each(['cat.jpg', 'cat.jpg=cow', '=cat'])('is refused as %s', (text) => {
    expect(() => parseGoldenImage(text, ['cat', 'dog'])).toThrow('expected IMAGE=LABEL');
  });
});
