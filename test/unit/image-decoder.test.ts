import { crc32, deflateSync } from 'node:zlib';
import { asPhoto, openImage } from '@kilat/adapters/image-decoder';
import type { PixelPlan } from '@kilat/core';
import sharp, { type Sharp } from 'sharp';
import { describe, expect, it } from 'vitest';

const RED = [255, 0, 0];
const GREEN = [0, 255, 0];
const BLUE = [0, 0, 255];
const WHITE = [255, 255, 255];

/** A picture of four quarters, each 8 x 8, so that JPEG's blocks keep them apart: red, green over blue, white. */
function quarters(): Sharp {
  const rows = [...Array(8).fill([RED, GREEN]), ...Array(8).fill([BLUE, WHITE])] as number[][][];
  const pixels = rows.flatMap((row) => row.flatMap((colour) => Array<number[]>(8).fill(colour).flat()));
  return sharp(Buffer.from(pixels), { raw: { width: 16, height: 16, channels: 3 } });
}

/** The pixels of a file as they are, or by a plan. */
async function decode(bytes: Uint8Array, plan: Partial<PixelPlan> = {}) {
  const image = await openImage(asPhoto(bytes));
  const resize = plan.resize ?? image.size;
  const crop = plan.crop ?? { left: 0, top: 0, ...resize };
  const pixels = await image.pixels({ resize, crop, resample: plan.resample ?? 2 });
  const at = (x: number, y: number): number[] => [...pixels.subarray((y * crop.width + x) * 3).subarray(0, 3)];
  return { size: image.size, pixels, at };
}

const near = (colour: readonly number[], tolerance: number) =>
  colour.map((value) => expect.toSatisfy((found: number) => Math.abs(found - value) <= tolerance, `${value}`));

const corners = ({ at }: { at(x: number, y: number): number[] }): number[][] => [
  at(4, 4),
  at(12, 4),
  at(4, 12),
  at(12, 12),
];

describe('a picture is read alike', () => {
  it.each([
    ['JPEG', () => quarters().jpeg({ quality: 100, chromaSubsampling: '4:4:4' }), 2],
    ['PNG', () => quarters().png(), 0],
    ['PNG with a palette', () => quarters().png({ palette: true }), 0],
    ['interlaced PNG', () => quarters().png({ progressive: true }), 0],
    ['lossless WebP', () => quarters().webp({ lossless: true }), 0],
    ['AVIF', () => quarters().avif({ quality: 100, chromaSubsampling: '4:4:4' }), 3],
    ['GIF', () => quarters().gif(), 0],
  ])('from %s', async (_, encode, tolerance) => {
    const picture = await decode(await encode().toBuffer());

    expect(picture.size).toEqual({ width: 16, height: 16 });
    expect(corners(picture)).toEqual([RED, GREEN, BLUE, WHITE].map((colour) => near(colour, tolerance)));
  });
});

describe('EXIF orientation', () => {
  // Where the stored rows and columns are seen (Exif 2.32, tag 274): stored are red, green over blue, white.
  it.each([
    [1, 'as stored', [RED, GREEN, BLUE, WHITE]],
    [2, 'mirrored', [GREEN, RED, WHITE, BLUE]],
    [3, 'upside down', [WHITE, BLUE, GREEN, RED]],
    [4, 'mirrored upside down', [BLUE, WHITE, RED, GREEN]],
    [5, 'with rows as columns', [RED, BLUE, GREEN, WHITE]],
    [6, 'turned right', [BLUE, RED, WHITE, GREEN]],
    [7, 'turned right and mirrored upside down', [WHITE, GREEN, BLUE, RED]],
    [8, 'turned left', [GREEN, WHITE, RED, BLUE]],
  ])('%i shows the picture %s', async (orientation, _, expected) => {
    const jpeg = quarters().withMetadata({ orientation }).jpeg({ quality: 100, chromaSubsampling: '4:4:4' });

    const picture = await decode(await jpeg.toBuffer());

    expect(corners(picture)).toEqual(expected.map((colour) => near(colour, 2)));
  });

  it('of a picture on its side swaps width and height', async () => {
    const wide = sharp({ create: { width: 40, height: 20, channels: 3, background: '#000' } });

    const { size } = await decode(await wide.withMetadata({ orientation: 6 }).jpeg().toBuffer());

    expect(size).toEqual({ width: 20, height: 40 });
  });
});

describe('every colour becomes 8-bit RGB', () => {
  const plain = (background: object | string, channels: 3 | 4 = 3): Sharp =>
    sharp({ create: { width: 8, height: 8, channels, background: background as string } });

  it.each([
    ['a grey JPEG', () => plain('#646464').toColourspace('b-w').jpeg({ quality: 100 }), [100, 100, 100], 1],
    ['a grey PNG', () => plain('#646464').toColourspace('b-w').png(), [100, 100, 100], 0],
    ['white CMYK, which is not taken for its negative', () => plain('#fff').toColourspace('cmyk').jpeg(), WHITE, 3],
    // half of red over white: 255, and (255 * 127 + 0 * 128) / 255 = 127
    [
      'half transparent red, on white',
      () => plain({ r: 255, g: 0, b: 0, alpha: 128 / 255 }, 4).png(),
      [255, 127, 127],
      1,
    ],
    ['nothing but transparency', () => plain({ r: 0, g: 0, b: 0, alpha: 0 }, 4).webp({ lossless: true }), WHITE, 0],
  ])('from %s', async (_, encode, expected, tolerance) => {
    const { at } = await decode(await encode().toBuffer());

    expect(at(4, 4)).toEqual(near(expected, tolerance));
  });

  it('from 16 bits a channel: 25,700 of 65,535 is 100 of 255', async () => {
    const raw = new Uint16Array(8 * 8 * 3).fill(25_700);
    const png = await sharp(raw, { raw: { width: 8, height: 8, channels: 3 } })
      .toColourspace('rgb16')
      .png()
      .toBuffer();

    const { at } = await decode(png);

    expect((await sharp(png).metadata()).depth).toBe('ushort');
    expect(at(4, 4)).toEqual([100, 100, 100]);
  });

  it('of an animation from its first frame', async () => {
    const frames = Buffer.from([...Array(64).fill(RED), ...Array(64).fill(BLUE)].flat());
    const gif = sharp(frames, { raw: { width: 8, height: 16, channels: 3, pageHeight: 8 } }).gif();

    const { size, at } = await decode(await gif.toBuffer());

    expect(size).toEqual({ width: 8, height: 8 });
    expect(at(4, 4)).toEqual(RED);
  });
});

describe('resizing', () => {
  const columns = (...values: number[]): Promise<Buffer> =>
    sharp(Buffer.from(values.flatMap(() => values.flatMap((value) => [value, value, value]))), {
      raw: { width: values.length, height: values.length, channels: 3 },
    })
      .png()
      .toBuffer();

  it('is bilinear over every pixel that is merged, as in Pillow', async () => {
    // Halving, the triangle weighs 1 : 3 : 3 : 1: (80 + 3 * 40 + 3 * 120 + 200) / 8 = 95. Only along the picture's edge do
    // the two differ: libvips repeats the last pixel there, Pillow leaves it out.
    const { at } = await decode(await columns(0, 80, 40, 120, 200, 160, 240, 80), { resize: { width: 4, height: 4 } });

    expect(at(1, 1)).toEqual(near([95, 95, 95], 1));
  });

  it('takes the pixels of the crop, counted from the resized corner', async () => {
    const crop = { left: 2, top: 1, width: 1, height: 2 };

    const { pixels } = await decode(await columns(10, 20, 30, 40), { crop });

    expect([...pixels]).toEqual(Array(6).fill(30));
  });
});

describe('what is no image is refused', () => {
  it.each([
    ['text named .jpg', 'hello'],
    ['SVG', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'],
    ['TIFF', 'II*\0\x08\0\0\0'],
    ['PDF', '%PDF-1.7\n'],
    ['HEIC', '\0\0\0\x18ftypheic\0\0\0\0mif1heic'],
  ])('as an unsupported format: %s', (_, content) => {
    expect(() => asPhoto(Buffer.from(content, 'latin1'))).toThrow(
      expect.objectContaining({ code: 'unsupported-image-format' }),
    );
  });

  it('as undecodable: nothing at all', () => {
    expect(() => asPhoto(new Uint8Array())).toThrow('the image is empty: 0 bytes');
  });

  it.each([
    ['an SVG behind the first bytes of a JPEG', Buffer.from('\xff\xd8\xff<svg/>', 'latin1')],
    ['a PNG of eight bytes', Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')],
    ['an AVIF of nothing but its brand', Buffer.from('\0\0\0\x14ftypavif\0\0\0\0avif', 'latin1')],
  ])('as undecodable: %s', async (_, bytes) => {
    await expect(decode(bytes)).rejects.toMatchObject({ code: 'undecodable-image' });
  });

  const noise = sharp({
    create: {
      width: 64,
      height: 64,
      channels: 3,
      background: '#000',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  });

  it.each([
    ['JPEG', () => noise.clone().jpeg()],
    ['PNG', () => noise.clone().png()],
    ['WebP', () => noise.clone().webp()],
    ['AVIF', () => noise.clone().avif()],
  ])('as undecodable: a %s of which half is missing', async (_, encode) => {
    const whole = await encode().toBuffer();

    await expect(decode(whole.subarray(0, whole.length / 2))).rejects.toMatchObject({ code: 'undecodable-image' });
  });
});

/** A PNG that states a size and holds hardly any pixels (PNG specification §11.2.1). */
function pngHeader(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2], 8); // 8 bits a channel, RGB
  const chunks = [chunk('IHDR', header), chunk('IDAT', deflateSync(Buffer.alloc(100))), chunk('IEND', Buffer.alloc(0))];
  return Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), ...chunks]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, checksum]);
}

describe('a picture of too many pixels', () => {
  it('is refused by its header: 50,000 x 50,000 in a few hundred bytes', async () => {
    const bomb = pngHeader(50_000, 50_000);

    await expect(openImage(asPhoto(bomb))).rejects.toThrow(
      'the image has 50000 x 50000 pixels; at most 40000000 in all are allowed',
    );
  });

  it('has more than 40 million: 8,000 x 5,000 is opened, 8,000 x 5,001 is not', async () => {
    await expect(openImage(asPhoto(pngHeader(8000, 5000)))).resolves.toMatchObject({
      size: { width: 8000, height: 5000 },
    });
    await expect(openImage(asPhoto(pngHeader(8000, 5001)))).rejects.toMatchObject({ code: 'image-too-many-pixels' });
  });
});
