import type { ModelManifest, TensorSignature } from '@kilat/contracts';
import { type ArtefactFiles, type Feed, type ModelOf, ModelUnusableError, openModel } from '@kilat/core';

// Official Linux builds of 1.29 and later write a device id and logs unless told not to before they are loaded.
process.env.ORT_DISABLE_TELEMETRY = '1';
const ort = await import('onnxruntime-node');

type Session = Awaited<ReturnType<typeof ort.InferenceSession.create>>;

/** ONNX's element types in the words of the Open Inference Protocol. */
const datatypes: Record<string, TensorSignature['datatype']> = {
  float32: 'FP32',
  float64: 'FP64',
  float16: 'FP16',
  int64: 'INT64',
  int32: 'INT32',
  int8: 'INT8',
  uint8: 'UINT8',
  bool: 'BOOL',
  string: 'BYTES',
};

export interface OnnxSignature {
  readonly inputs: TensorSignature[];
  readonly outputs: TensorSignature[];
}

/**
 * Loads weights and holds them against the manifest's signature.
 * @param files those that the manifest names beside the weights
 * @throws {ModelUnusableError} when onnxruntime refuses them, the graph has other inputs or outputs, or a file is no good
 */
export async function openOnnxModel<M extends ModelManifest>(
  manifest: M,
  weights: Uint8Array,
  files: ArtefactFiles = new Map(),
): Promise<ModelOf<M>> {
  const session = await createSession(manifest.name, weights);
  assertSignature(manifest, signatureOf(session));
  return openModel(manifest, { run: (feeds) => run(session, feeds) }, files);
}

/** What a file of weights takes and gives. @throws {ModelUnusableError} when onnxruntime refuses the file */
export const readOnnxSignature = async (name: string, weights: Uint8Array): Promise<OnnxSignature> =>
  signatureOf(await createSession(name, weights));

const sessionOptions = {
  executionProviders: ['cpu'],
  graphOptimizationLevel: 'all',
  // Its threads would otherwise go on spinning after a run, on the core that is to send the photo to S3 by then.
  extra: { session: { intra_op: { allow_spinning: '0' } } },
} as const;

async function createSession(name: string, weights: Uint8Array): Promise<Session> {
  try {
    return await ort.InferenceSession.create(weights, sessionOptions);
  } catch (cause) {
    throw new ModelUnusableError(`onnxruntime cannot load the weights of '${name}'`, { cause });
  }
}

async function run(session: Session, feeds: Readonly<Record<string, Feed>>): Promise<Record<string, Float32Array>> {
  const tensors = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, tensorOf(feed)]));
  const outputs = await session.run(tensors);
  return Object.fromEntries(Object.entries(outputs).map(([name, tensor]) => [name, tensor.data as Float32Array]));
}

const tensorOf = ({ data, shape }: Feed) =>
  data instanceof Float32Array ? new ort.Tensor('float32', data, shape) : new ort.Tensor('string', [...data], shape);

type ValueMetadata = Session['inputMetadata'][number];

const signatureOf = (session: Session): OnnxSignature => ({
  inputs: session.inputMetadata.map(tensorSignature),
  outputs: session.outputMetadata.map(tensorSignature),
});

function tensorSignature(value: ValueMetadata): TensorSignature {
  if (!value.isTensor) throw new ModelUnusableError(`'${value.name}' is not a tensor`);
  const datatype = datatypes[value.type];
  if (!datatype) throw new ModelUnusableError(`'${value.name}' has the unknown element type ${value.type}`);
  return { name: value.name, datatype, shape: value.shape.map((size) => (typeof size === 'number' ? size : -1)) };
}

function assertSignature(manifest: ModelManifest, actual: OnnxSignature): void {
  for (const side of ['inputs', 'outputs'] as const) {
    for (const expected of manifest.signature[side]) {
      const found = actual[side].find((tensor) => tensor.name === expected.name);
      if (!found) throw new ModelUnusableError(`the weights of '${manifest.name}' have no ${side} '${expected.name}'`);
      assertFits(manifest.name, expected, found);
    }
  }
}

/** A free size (-1) on either side fits every size on the other. */
function assertFits(model: string, expected: TensorSignature, found: TensorSignature): void {
  const fits =
    expected.datatype === found.datatype &&
    expected.shape.length === found.shape.length &&
    expected.shape.every((size, axis) => size === -1 || found.shape[axis] === -1 || size === found.shape[axis]);
  if (fits) return;
  const tell = ({ datatype, shape }: TensorSignature): string => `${datatype} [${shape.join(', ')}]`;
  throw new ModelUnusableError(`'${found.name}' of '${model}' is ${tell(found)}; its manifest says ${tell(expected)}`);
}
