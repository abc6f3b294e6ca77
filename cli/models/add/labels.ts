import { RefusedError } from '../refusal.ts';

/**
 * Labels in the order of the outputs, from one label a line, a JSON array, or JSON with Hugging Face's `id2label`.
 * @throws {RefusedError} when they are none of these, or two are the same
 */
export function parseLabels(text: string): string[] {
  const isJson = /^\s*[[{]/.test(text);
  const labels = isJson ? labelsFromJson(parseJson(text)) : labelsFromLines(text);
  assertLabels(labels);
  return labels;
}

const labelsFromLines = (text: string): string[] =>
  text
    .replace(/^\uFEFF/, '')
    .trimEnd()
    .split(/\r?\n/)
    .map((line) => line.trim());

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RefusedError('the labels look like JSON and are none', { cause });
  }
}

function labelsFromJson(content: unknown): string[] {
  if (Array.isArray(content)) return content as string[];
  const { id2label = content } = content as { id2label?: unknown };
  return byIndex(id2label as Record<string, string>);
}

/** `id2label` is keyed by the index as text; a gap would move every label after it. */
function byIndex(id2label: Record<string, string>): string[] {
  const count = Object.keys(id2label).length;
  return Array.from({ length: count }, (_, index) => {
    const label = id2label[index];
    if (label === undefined) throw new RefusedError(`id2label has ${count} labels and none for ${index}`);
    return label;
  });
}

function assertLabels(labels: readonly unknown[]): asserts labels is string[] {
  const wrong = labels.findIndex((label) => typeof label !== 'string' || label === '');
  if (wrong !== -1) throw new RefusedError(`label ${wrong} is empty or no text`);
  if (labels.length < 2) throw new RefusedError(`there is ${labels.length} label; at least two are expected`);
  const twice = labels.find((label, index) => labels.indexOf(label) !== index);
  if (twice !== undefined) throw new RefusedError(`the label '${twice}' is there twice; each names one class`);
}
