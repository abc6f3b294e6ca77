import { datatypeCode, type OnnxDatatype } from '../../onnx/datatype.ts';
import type { OnnxInitializer, OnnxNode } from '../../onnx/index.ts';

/** A stretch of a graph that takes one value, or the graph's inputs, and makes another. */
export interface OnnxPart {
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxInitializer[];
}

export const castNode = (input: string, output: string, to: OnnxDatatype): OnnxNode => ({
  opType: 'Cast',
  inputs: [input],
  outputs: [output],
  attributes: { to: { int: datatypeCode(to) } },
});

/** An operator of ONNX's own, with one output. */
export const node = (
  opType: string,
  inputs: readonly string[],
  output: string,
  attributes: OnnxNode['attributes'] = {},
): OnnxNode => ({ opType, inputs, outputs: [output], attributes });

export const doubles = (name: string, values: readonly number[], shape: readonly number[]): OnnxInitializer => ({
  name,
  shape,
  values: Float64Array.from(values),
});

export const integers = (name: string, values: readonly number[]): OnnxInitializer => ({
  name,
  shape: [values.length],
  values: BigInt64Array.from(values, BigInt),
});
