import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';

/** Reads what a process writes, line by line, and knows how far it has read. */
export class LineReader {
  readonly #onLine: (line: string) => void;
  readonly #decoder = new StringDecoder('utf8'); // a chunk may end within a character
  #rest = '';
  #bytes = 0;
  #ended = false;
  #awaited: { readonly bytes: number; readonly resolve: () => void } | undefined;

  constructor(stream: Readable, onLine: (line: string) => void) {
    this.#onLine = onLine;
    stream.on('data', (chunk: Buffer) => this.#read(chunk));
    stream.on('close', () => {
      this.#ended = true;
      this.#settle();
    });
  }

  /** Resolves once that many bytes have come since the start; an unfinished last line then counts as a line. */
  async reached(bytes: number): Promise<void> {
    if (!this.#ended && this.#bytes < bytes) {
      await new Promise<void>((resolve) => {
        this.#awaited = { bytes, resolve };
      });
    }
    this.flush();
  }

  flush(): void {
    if (this.#rest) this.#onLine(this.#rest);
    this.#rest = '';
  }

  #read(chunk: Buffer): void {
    this.#bytes += chunk.length;
    const lines = (this.#rest + this.#decoder.write(chunk)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#onLine(line);
    this.#settle();
  }

  #settle(): void {
    if (!this.#awaited || (!this.#ended && this.#bytes < this.#awaited.bytes)) return;
    this.#awaited.resolve();
    this.#awaited = undefined;
  }
}
