import type { TensorSignature } from '@kilat/contracts';
import { RefusedError } from '../refusal.ts';

export interface Signature {
  readonly inputs: readonly TensorSignature[];
  readonly outputs: readonly TensorSignature[];
}

/** What may be known beside the file itself. */
export interface FitOptions {
  /** pixels, of both edges */
  readonly size?: number | undefined;
  readonly output?: string | undefined;
}

/** A graph that classifies images, its free sizes settled. */
export interface FittedGraph {
  readonly input: TensorSignature;
  readonly output: TensorSignature;
  readonly width: number;
  readonly height: number;
}

/**
 * Reads a signature as an image classifier's: one FP32 input [N, 3, height, width], an output [N, labels].
 * @throws {RefusedError} with what does not fit, and with the way out where there is one
 */
export function fitSignature(signature: Signature, { size, output }: FitOptions): FittedGraph {
  const input = theInput(signature.inputs);
  const { width, height } = settleSize(input, size);
  const shape = [input.shape[0]!, 3, height, width];
  return { input: { ...input, shape }, output: theOutput(signature.outputs, output), width, height };
}

function theInput(inputs: readonly TensorSignature[]): TensorSignature {
  const [input, ...others] = inputs;
  if (!input || others.length > 0) {
    throw new RefusedError(`the model has ${inputs.length} inputs (${names(inputs)}); an image classifier has one`);
  }
  const [batch, channels, , last] = input.shape;
  if (input.datatype !== 'FP32')
    throw misfit(input, 'FP32 is expected: export it without the cast to another datatype');
  if (input.shape.length !== 4) throw misfit(input, 'four dimensions are expected: [N, 3, height, width]');
  if (last === 3 && channels !== 3) {
    throw misfit(input, 'its channels come last; export it as NCHW, with tf2onnx by --inputs-as-nchw');
  }
  if (channels !== 3 && channels !== -1) throw misfit(input, `three channels are expected, not ${channels}`);
  if (batch !== 1 && batch !== -1) throw misfit(input, 'its batch is fixed; export it with a batch of 1 or a free one');
  return input;
}

function settleSize(input: TensorSignature, size: number | undefined): { width: number; height: number } {
  const [height, width] = input.shape.slice(2).map((edge) => (edge === -1 ? size : edge));
  if (!height || !width)
    throw misfit(input, 'its height and width are free; say --size with the size it was trained on');
  if (size && (height !== size || width !== size)) throw misfit(input, `that is not --size ${size}`);
  return { width, height };
}

function theOutput(outputs: readonly TensorSignature[], name: string | undefined): TensorSignature {
  const output = name === undefined ? outputs[0] : outputs.find((candidate) => candidate.name === name);
  if (!output) throw new RefusedError(`the model has no output '${name}'; it has ${names(outputs)}`);
  if (name === undefined && outputs.length > 1) {
    throw new RefusedError(`the model has ${outputs.length} outputs (${names(outputs)}); say which with --output`);
  }
  if (output.datatype !== 'FP32') throw misfit(output, 'FP32 is expected');
  if (output.shape.length !== 2) throw misfit(output, 'two dimensions are expected: [N, labels]');
  if (output.shape[0] !== 1 && output.shape[0] !== -1) throw misfit(output, 'its batch is fixed');
  return output;
}

const names = (tensors: readonly TensorSignature[]): string => tensors.map(({ name }) => `'${name}'`).join(', ');

const misfit = ({ name, datatype, shape }: TensorSignature, why: string): RefusedError =>
  new RefusedError(
    `'${name}' is ${datatype} [${shape.map((edge) => (edge === -1 ? 'any' : edge)).join(', ')}]: ${why}`,
  );
