import { limits } from '@kilat/contracts';
import {
  ImageTooManyPixelsError,
  imageMediaType,
  type OpenImage,
  type Photo,
  type PixelPlan,
  type Size,
  UndecodableImageError,
  UnsupportedImageFormatError,
} from '@kilat/core';
import sharp, { type Sharp } from 'sharp';

// Photos come once each: a cache of decoded ones would only keep other people's pictures in memory.
sharp.cache(false);
// libvips reads many formats, some of them by large and risky libraries; only the five that the API names stay on.
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadHeifBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
});

const kernels: Record<PixelPlan['resample'], 'nearest' | 'lanczos3' | 'linear' | 'cubic'> = {
  0: 'nearest',
  1: 'lanczos3',
  2: 'linear',
  3: 'cubic',
};

const WHITE = '#ffffff';

/**
 * Names the format of an image by its content.
 * @throws {UndecodableImageError} when there is nothing
 * @throws {UnsupportedImageFormatError} when it is none of the formats that the API reads
 */
export function asPhoto(bytes: Uint8Array): Photo {
  if (bytes.length === 0) throw new UndecodableImageError('the image is empty: 0 bytes');
  const mediaType = imageMediaType(bytes);
  if (mediaType) return { bytes, mediaType };
  throw new UnsupportedImageFormatError('the content is not a JPEG, PNG, WebP, AVIF or GIF image');
}

/**
 * Reads the header; pixels are decoded when a plan for them is given. EXIF orientation is applied, CMYK, grey and
 * 16-bit become 8-bit sRGB, transparency is laid on white, and of an animation the first frame is taken.
 * @throws {ImageTooManyPixelsError} before anything is decoded
 * @throws {UndecodableImageError} when the file is broken
 */
export async function openImage({ bytes }: Photo): Promise<OpenImage> {
  const image = sharp(bytes, { failOn: 'error', limitInputPixels: false, sequentialRead: true });
  const { autoOrient: size } = await decoding(image.metadata());
  assertPixels(size);
  return { size, pixels: (plan) => decoding(pixels(image, size, plan)) };
}

function assertPixels({ width, height }: Size): void {
  if (width * height <= limits.maxImagePixels) return;
  throw new ImageTooManyPixelsError(
    `the image has ${width} x ${height} pixels; at most ${limits.maxImagePixels} in all are allowed`,
  );
}

async function pixels(image: Sharp, size: Size, { resize, crop, resample }: PixelPlan): Promise<Uint8Array> {
  const upright = image.autoOrient().flatten({ background: WHITE }).toColourspace('srgb');
  const isResized = resize.width !== size.width || resize.height !== size.height;
  const resized = isResized
    ? upright.resize(resize.width, resize.height, { fit: 'fill', kernel: kernels[resample] })
    : upright;
  const isCropped = crop.width !== resize.width || crop.height !== resize.height;
  return (isCropped ? resized.extract(crop) : resized).raw({ depth: 'uchar' }).toBuffer();
}

/** libvips tells of broken files in its own words, which may quote the file: the caller gets ours. */
async function decoding<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (cause) {
    throw new UndecodableImageError('the image cannot be decoded; it may be truncated or damaged', { cause });
  }
}
