/** A graph that ONNX does not allow: a fault of the code that put it together. */
export class InvalidOnnxGraphError extends Error {
  override readonly name = 'InvalidOnnxGraphError';
}

/** Bytes that are no ONNX model, or one that we refuse to read: a fault of whoever made the file. */
export class UnreadableOnnxModelError extends Error {
  override readonly name = 'UnreadableOnnxModelError';
}
