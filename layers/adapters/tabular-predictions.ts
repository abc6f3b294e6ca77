import type { Instance } from '@kilat/contracts';
import { ModelUnusableError, type TabularPorts } from '@kilat/core';
import type { Row } from '@kilat/core/learning';
import { openOnnxModel } from './onnx-model.ts';

/** As many as a request may hold many times over: what onnxruntime keeps for them stays small. */
const CHUNK_ROWS = 10_000;

/** The probabilities that a version's ONNX file gives rows, as wherever it serves. */
export const predictTabular: TabularPorts['predict'] = async ({ manifest, files }, rows) => {
  if (manifest.task !== 'tabular-classification')
    throw new ModelUnusableError(`'${manifest.name}' takes no rows of a table; its task is ${manifest.task}`);
  const model = await openOnnxModel(manifest, files[manifest.weights.file]!, new Map(Object.entries(files)));
  const columns = manifest.table.columns.map(({ name }) => name);
  const probabilities = new Float64Array(rows.length);
  for (let start = 0; start < rows.length; start += CHUNK_ROWS) {
    const chunk = rows.slice(start, start + CHUNK_ROWS).map((row) => instanceOf(row, columns));
    probabilities.set((await model.run(chunk)).probabilities.map(within), start);
  }
  return probabilities;
};

/** float32 may round a sum above 1. */
const within = (probability: number): number => Math.min(Math.max(probability, 0), 1);

const instanceOf = (row: Row, columns: readonly string[]): Instance =>
  Object.fromEntries(columns.map((name) => [name, row[name] ?? null]));
