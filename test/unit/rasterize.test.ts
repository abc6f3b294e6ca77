import { rasterize } from '@kilat/adapters/rasterize';
import sharp from 'sharp';
import { expect, it } from 'vitest';

const svg = (letter: string): string =>
  `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40" width="40" height="40">
    <rect width="40" height="40" fill="#fff"/><text x="8" y="30" font-size="28" font-family="sans-serif">${letter}</text>
  </svg>`;

it('draws a picture twice as fine as it is measured', async () => {
  const { format, width, height } = await sharp(await rasterize(svg('A'))).metadata();

  expect([format, width, height]).toEqual(['png', 80, 80]);
});

it('draws the same picture in the same bytes', async () => {
  expect(await rasterize(svg('A'))).toEqual(await rasterize(svg('A')));
});

it('draws letters, where a machine without fonts draws the same box for each', async () => {
  expect(await rasterize(svg('A'))).not.toEqual(await rasterize(svg('B')));
});
