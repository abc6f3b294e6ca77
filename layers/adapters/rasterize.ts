import { mkdtempSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Rasterize } from '@kilat/core/reports';
import sharp from 'sharp';

/** Twice as fine as it is measured, for screens that are. */
const DENSITY = 144;

/**
 * Draws an SVG as a PNG. librsvg takes its letters from the machine's fonts, and the images of Lambda have none: the font
 * comes with us, and is the only one, so that the same picture has the same bytes wherever it is drawn.
 */
export const rasterize: Rasterize = async (svg) => {
  useOwnFont();
  const drawing = sharp(Buffer.from(svg), { density: DENSITY });
  return new Uint8Array(await drawing.png({ compressionLevel: 9 }).toBuffer());
};

let isPrepared = false;

/** Fontconfig reads this once, when the first letter is drawn. */
function useOwnFont(): void {
  if (isPrepared) return;
  const fonts = dirname(createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));
  const folder = mkdtempSync(join(tmpdir(), 'kilat-fonts-'));
  const file = join(folder, 'fonts.conf');
  writeFileSync(file, configuration(fonts, folder));
  process.env.FONTCONFIG_FILE = file;
  isPrepared = true;
}

const configuration = (fonts: string, cache: string): string => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${fonts}</dir>
  <cachedir>${cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="assign" binding="strong"><string>DejaVu Sans</string></edit>
  </match>
</fontconfig>
`;
