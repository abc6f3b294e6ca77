import type { ModelManifest } from '@kilat/contracts';

/** Draws how far a download is: a line that is drawn anew on a terminal, and nothing in a log. */
export function progressOf(
  { file, bytes }: ModelManifest['weights'],
  stream = process.stderr,
): (bytes: number) => void {
  if (!stream.isTTY) return () => {};
  let shown = -1;
  return (done) => {
    const percent = Math.floor((100 * done) / bytes);
    if (percent === shown) return;
    shown = percent;
    stream.write(`\r${file}: ${percent} % of ${(bytes / 1e6).toFixed(1)} MB${done === bytes ? '\n' : ''}`);
  };
}
