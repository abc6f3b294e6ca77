/**
 * Rows of float32 features, as onnxruntime takes them: what a model is trained on is what it is served.
 * NaN stands for a missing value.
 */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  /** row-major, rows x columns */
  readonly values: Float32Array;
}
