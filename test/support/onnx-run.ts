// Official Linux builds of 1.29 and later write a device id and logs unless told not to before they are loaded.
process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = await import('onnxruntime-node');

type Values = Float32Array | readonly string[];

/** Values of a tensor and its shape. */
export type RunInput = readonly [values: Values, shape: readonly number[]];

/** Runs the bytes of an ONNX file once in onnxruntime, on one thread. @returns each output's values, by its name */
export async function runOnnx(model: Uint8Array, inputs: Record<string, RunInput>): Promise<Record<string, unknown[]>> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, logSeverityLevel: 3 });
  try {
    const feeds = Object.entries(inputs).map(([name, [values, shape]]) => [name, tensorOf(values, shape)]);
    const outputs = await session.run(Object.fromEntries(feeds));
    return Object.fromEntries(
      Object.entries(outputs).map(([name, { data }]) => [name, Array.from(data as Float32Array)]),
    );
  } finally {
    await session.release();
  }
}

const tensorOf = (values: Values, shape: readonly number[]) =>
  values instanceof Float32Array ? new Tensor('float32', values, shape) : new Tensor('string', [...values], shape);
