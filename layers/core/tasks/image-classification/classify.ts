import type { ImageManifest, LabelScore } from '@kilat/contracts';
import { confidences, topLabels } from './postprocess.ts';
import { type PixelPlan, planPixels, type Size, writeTensor } from './preprocess.ts';

/** An image model whose weights are loaded. */
export interface ImageClassifier {
  readonly manifest: ImageManifest;
  /** @returns the outputs by name, flat, batch first */
  run(tensor: InputTensor): Promise<Readonly<Record<string, Float32Array>>>;
}

/** An image whose header is read and whose format is known. */
export interface OpenImage {
  readonly size: Size;
  /** @returns RGB, row-major, interleaved, of the plan's crop size */
  pixels(plan: PixelPlan): Promise<Uint8Array>;
}

/** RGB, row-major, interleaved (HWC). */
export interface Pixels extends Size {
  readonly bytes: Uint8Array;
}

/** FP32, batch first: [batch, 3, height, width]. */
export interface InputTensor {
  readonly data: Float32Array;
  readonly shape: readonly number[];
}

/** The pixels of one image as the model wants them. */
export async function readPixels(model: ImageClassifier, image: OpenImage): Promise<Pixels> {
  const plan = planPixels(model.manifest.preprocessing, image.size);
  return { bytes: await image.pixels(plan), width: plan.crop.width, height: plan.crop.height };
}

/** Normalises pixels into a batch of one. */
export function toTensor({ manifest }: ImageClassifier, { bytes, width, height }: Pixels): InputTensor {
  const data = new Float32Array(bytes.length);
  writeTensor(bytes, manifest.preprocessing, data);
  return { data, shape: [1, 3, height, width] };
}

/** Images in one run: the caches of a core hold no more, and photo for photo 8 take a tenth longer than 4 do. */
const MAX_BATCH = 4;

/** How many images of one size the model's signature lets it take at once. */
export const batchSizeOf = ({ manifest: { signature } }: ImageClassifier): number =>
  [...signature.inputs, ...signature.outputs].every(({ shape }) => shape[0] === -1) ? MAX_BATCH : 1;

/** Normalises images of one size into one tensor. */
function toBatch({ manifest }: ImageClassifier, images: readonly Pixels[]): InputTensor {
  const { bytes, width, height } = images[0]!;
  const data = new Float32Array(images.length * bytes.length);
  for (const [index, image] of images.entries()) {
    writeTensor(image.bytes, manifest.preprocessing, data.subarray(index * bytes.length, (index + 1) * bytes.length));
  }
  return { data, shape: [images.length, 3, height, width] };
}

interface ImageToClassify {
  readonly pixels: Pixels;
  readonly topK: number;
}

/** Names what is on each of the images, in as few runs as the signature allows. */
export async function classifyAll(model: ImageClassifier, images: readonly ImageToClassify[]): Promise<LabelScore[][]> {
  const { output, function_to_apply } = model.manifest.postprocessing;
  const answers = new Map<ImageToClassify, LabelScore[]>();
  for (const group of groupsOf(images, batchSizeOf(model))) {
    const outputs = await model.run(
      toBatch(
        model,
        group.map(({ pixels }) => pixels),
      ),
    );
    const size = outputs[output]!.length / group.length;
    for (const [index, image] of group.entries()) {
      const own = outputs[output]!.subarray(index * size, (index + 1) * size);
      answers.set(image, topLabels(confidences(own, function_to_apply), model.manifest.labels, image.topK));
    }
  }
  return images.map((image) => answers.get(image)!);
}

function groupsOf(images: readonly ImageToClassify[], size: number): ImageToClassify[][] {
  const bySize = Map.groupBy(images, ({ pixels: { width, height } }) => `${width}x${height}`);
  return [...bySize.values()].flatMap((same) =>
    Array.from({ length: Math.ceil(same.length / size) }, (_, index) => same.slice(index * size, (index + 1) * size)),
  );
}

/** One confidence per label, in the order of the labels. */
export async function scoreLabels(model: ImageClassifier, tensor: InputTensor): Promise<Float64Array> {
  const { output, function_to_apply } = model.manifest.postprocessing;
  const outputs = await model.run(tensor);
  return confidences(outputs[output]!, function_to_apply);
}

/** Runs the model on one image and names what it sees. */
export async function classify(model: ImageClassifier, tensor: InputTensor, topK: number): Promise<LabelScore[]> {
  return topLabels(await scoreLabels(model, tensor), model.manifest.labels, topK);
}
