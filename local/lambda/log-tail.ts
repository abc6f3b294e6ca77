const MAX_BYTES = 4096;

/** Keeps the last 4 KB of a log, as `LogType: Tail` returns them. */
export class LogTail {
  #text = '';

  add(line: string): void {
    this.#text = `${this.#text}${line}\n`;
    if (this.#text.length > 2 * MAX_BYTES) this.#text = this.#text.slice(-MAX_BYTES);
  }

  toString(): string {
    return Buffer.from(this.#text).subarray(-MAX_BYTES).toString('utf8');
  }
}
