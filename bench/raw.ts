import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import type { Subject } from './subject.ts';

/**
 * The raw limit: sharp and onnxruntime with nothing around them. Written on its own, so that a slow step of the
 * platform cannot slow down what it is held against.
 */
export async function rawPipeline(
  { modelsDir, manifest }: Subject,
  sessionOptions: object = {},
): Promise<(photo: Buffer) => Promise<unknown>> {
  process.env.ORT_DISABLE_TELEMETRY = '1';
  const ort = await import('onnxruntime-node');
  const { preprocessing, signature, weights } = manifest;
  const session = await ort.InferenceSession.create(
    await readFile(join(modelsDir, manifest.name, weights.file)),
    sessionOptions,
  );
  const { height, width } = preprocessing.crop_size ?? { height: 64, width: 64 };
  const edge = 'shortest_edge' in preprocessing.size ? preprocessing.size.shortest_edge : preprocessing.size.height;
  const scale = preprocessing.image_std.map((std) => 1 / (255 * std));
  const shift = preprocessing.image_mean.map((mean, channel) => mean / preprocessing.image_std[channel]!);
  const plane = height * width;

  return async (photo) => {
    const resized = sharp(photo).resize(edge, edge, { fit: 'outside', kernel: 'linear' });
    const { data, info } = await resized.removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const tensor = new Float32Array(3 * plane);
    const left = (info.width - width) >> 1;
    const top = (info.height - height) >> 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const pixel = ((y + top) * info.width + x + left) * 3;
        for (let channel = 0; channel < 3; channel++) {
          tensor[channel * plane + y * width + x] = data[pixel + channel]! * scale[channel]! - shift[channel]!;
        }
      }
    }
    return session.run({ [signature.inputs[0]!.name]: new ort.Tensor('float32', tensor, [1, 3, height, width]) });
  };
}
