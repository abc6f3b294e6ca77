import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Golden {
  readonly models: Readonly<Record<string, string>>;
  readonly signs_head: { readonly weights: string; readonly bias: string };
}

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/onnx.json'), 'utf8')) as Golden;

/** A file as the Python package onnx wrote it, by the name of the function in golden/onnx.py. */
export const goldenOnnx = (name: string): Uint8Array => Uint8Array.from(Buffer.from(golden.models[name]!, 'base64'));

const floats = (base64: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(base64, 'base64')).buffer);

/** The head of models/signs as onnx reads it: weights of 128 x 10, and bias. */
export const signsHead = { weights: floats(golden.signs_head.weights), bias: floats(golden.signs_head.bias) };
