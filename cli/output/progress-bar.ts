import { paced, progressLine, type Tally } from './progress.ts';

const REDRAW_MS = 100;

/** Back to the line's start, with nothing to the right of it. */
export const CLEAR_LINE = '\r\x1b[K';

/** Draws one line anew and anew on a terminal, and nothing where stderr is a file. */
export class ProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #drawnAtMs = Number.NEGATIVE_INFINITY;

  constructor(stream: NodeJS.WriteStream = process.stderr) {
    this.#stream = stream;
  }

  draw(tally: Tally): void {
    const now = performance.now();
    if (!this.#stream.isTTY || now - this.#drawnAtMs < REDRAW_MS) return;
    this.#drawnAtMs = now;
    this.#stream.write(`${CLEAR_LINE}${progressLine(tally, this.#stream.columns || 80)}`);
  }

  /** Prints something else, where the bar stood. */
  aside(print: () => void): void {
    if (this.#stream.isTTY) this.#stream.write(CLEAR_LINE);
    print();
  }
}

/** Counts to a total and draws it, with the rate since the start. */
export function counter(label: string, total: number, bar = new ProgressBar()) {
  const startMs = performance.now();
  let done = 0;
  let failed = 0;
  return {
    add(isFailed = false): void {
      done++;
      if (isFailed) failed++;
      bar.draw({ label, done, total, failed, ...paced(done, total, performance.now() - startMs) });
    },
    aside: (print: () => void) => bar.aside(print),
  };
}
