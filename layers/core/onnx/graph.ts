import type { OnnxDatatype } from './datatype.ts';

/** The one domain beside ONNX's own ('') that we write operators of. */
export const ML_DOMAIN = 'ai.onnx.ml';

/** Float32, float64, int64 or strings, row-major. */
export interface OnnxTensor {
  readonly shape: readonly number[];
  readonly values: Float32Array | Float64Array | BigInt64Array | readonly string[];
}

/** A constant of the graph. */
export interface OnnxInitializer extends OnnxTensor {
  readonly name: string;
}

/** Exactly one key, which says the type. Whole numbers are within 2^53, floats are rounded to float32. */
export type OnnxAttribute =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly tensor: OnnxTensor }
  | { readonly ints: ArrayLike<number> }
  | { readonly floats: ArrayLike<number> }
  | { readonly strings: readonly string[] };

export interface OnnxNode {
  readonly opType: string;
  /** of the operator set; ONNX's own where absent */
  readonly domain?: typeof ML_DOMAIN;
  /** an empty name leaves an optional input out */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, OnnxAttribute>>;
}

/** An input or output of the graph. */
export interface OnnxValueInfo {
  readonly name: string;
  readonly datatype: OnnxDatatype;
  /** a word is the name of a free size */
  readonly shape: readonly (number | string)[];
}

export interface OnnxGraph {
  /** onnx.checker refuses a graph without one */
  readonly name: string;
  readonly inputs: readonly OnnxValueInfo[];
  readonly outputs: readonly OnnxValueInfo[];
  /** each after those whose outputs it takes */
  readonly nodes: readonly OnnxNode[];
  readonly initializers?: readonly OnnxInitializer[];
  /** what is told about the model in its metadata_props */
  readonly metadata?: Readonly<Record<string, string>>;
}
