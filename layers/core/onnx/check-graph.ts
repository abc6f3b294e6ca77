import { InvalidOnnxGraphError } from './errors.ts';
import type { OnnxGraph } from './graph.ts';

/**
 * Holds a graph against the rules that onnxruntime would tell of less clearly: names, each value made once and before
 * it is taken, outputs that exist. Source: https://github.com/onnx/onnx/blob/main/docs/IR.md
 * @throws {InvalidOnnxGraphError}
 */
export function assertGraph(graph: OnnxGraph): void {
  if (!graph.name) throw new InvalidOnnxGraphError('the graph has no name');
  const known = new Set<string>();
  const define = (name: string, what: string): void => {
    if (!name) throw new InvalidOnnxGraphError(`${what} has no name`);
    if (known.has(name)) throw new InvalidOnnxGraphError(`'${name}' is made twice, the second time as ${what}`);
    known.add(name);
  };
  const take = (name: string, by: string): void => {
    if (!known.has(name)) throw new InvalidOnnxGraphError(`${by} takes '${name}', which nothing before it makes`);
  };
  for (const { name } of graph.inputs) define(name, 'an input');
  for (const { name } of graph.initializers ?? []) define(name, 'an initializer');
  for (const { opType, inputs, outputs } of graph.nodes) {
    for (const input of inputs) if (input) take(input, opType);
    for (const output of outputs) if (output) define(output, `an output of ${opType}`);
  }
  for (const { name } of graph.outputs) take(name, 'an output of the graph');
}
