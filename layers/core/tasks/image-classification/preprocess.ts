import type { ImagePreprocessing } from '@kilat/contracts';

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Region extends Size {
  readonly left: number;
  readonly top: number;
}

/** What a decoder is asked for: RGB, 8 bits a channel, resized to `resize` and cut to `crop`. */
export interface PixelPlan {
  readonly resize: Size;
  readonly crop: Region;
  /** Pillow's filter number */
  readonly resample: ImagePreprocessing['resample'];
}

/**
 * Turns preprocessing into pixel sizes for one image. As in torchvision and transformers the shorter edge becomes
 * `shortest_edge` and the longer keeps the ratio, rounded down. As in transformers the crop is centred with its odd pixel
 * on the right and below; torchvision, rounding half to even, takes it one pixel further where the margin is 3 modulo 4.
 * @param original width and height in pixels, after EXIF orientation
 */
export function planPixels(preprocessing: ImagePreprocessing, original: Size): PixelPlan {
  const resize = preprocessing.do_resize ? resizedTo(preprocessing.size, original) : original;
  const crop = preprocessing.do_center_crop ? (preprocessing.crop_size ?? resize) : resize;
  const width = Math.min(crop.width, resize.width);
  const height = Math.min(crop.height, resize.height);
  return {
    resize,
    crop: {
      left: Math.floor((resize.width - width) / 2),
      top: Math.floor((resize.height - height) / 2),
      width,
      height,
    },
    resample: preprocessing.resample,
  };
}

function resizedTo(size: ImagePreprocessing['size'], { width, height }: Size): Size {
  if (!('shortest_edge' in size)) return size;
  const edge = size.shortest_edge;
  const long = (longer: number, shorter: number): number => Math.max(edge, Math.floor((edge * longer) / shorter));
  return width < height ? { width: edge, height: long(height, width) } : { width: long(width, height), height: edge };
}

/**
 * Normalises pixels into a model's input.
 * @param pixels RGB, row-major, interleaved (HWC), `height * width * 3` bytes
 * @param target CHW, row-major, as long as `pixels`; a part of a batch tensor may be given
 */
export function writeTensor(pixels: Uint8Array, preprocessing: ImagePreprocessing, target: Float32Array): void {
  const plane = pixels.length / 3;
  const [red, green, blue] = channelTables(preprocessing);
  const [first, last] = preprocessing.do_flip_channel_order ? [2 * plane, 0] : [0, 2 * plane];
  for (let index = 0, pixel = 0; index < plane; index++, pixel += 3) {
    target[first + index] = red[pixels[pixel]!]!;
    target[plane + index] = green[pixels[pixel + 1]!]!;
    target[last + index] = blue[pixels[pixel + 2]!]!;
  }
}

type ChannelTables = readonly [Float32Array, Float32Array, Float32Array];

const tables = new WeakMap<ImagePreprocessing, ChannelTables>();

/** A byte has 256 values: looking them up takes a third of the time that rescaling each pixel anew does. */
function channelTables(preprocessing: ImagePreprocessing): ChannelTables {
  const known = tables.get(preprocessing);
  if (known) return known;
  const made = [0, 1, 2].map((channel) => channelTable(preprocessing, channel as 0 | 1 | 2));
  tables.set(preprocessing, made as unknown as ChannelTables);
  return made as unknown as ChannelTables;
}

function channelTable(preprocessing: ImagePreprocessing, channel: 0 | 1 | 2): Float32Array {
  const factor = preprocessing.do_rescale ? preprocessing.rescale_factor : 1;
  const mean = preprocessing.do_normalize ? preprocessing.image_mean[channel] : 0;
  const std = preprocessing.do_normalize ? preprocessing.image_std[channel] : 1;
  return Float32Array.from({ length: 256 }, (_, value) => (value * factor - mean) / std);
}
