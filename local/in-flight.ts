/** Counts what has begun and not ended, and can be waited for. */
export class InFlight {
  readonly #ids = new Set<string>();
  #waiting: (() => void) | undefined;

  begin(id: string): void {
    this.#ids.add(id);
  }

  end(id: string): void {
    this.#ids.delete(id);
    if (this.#ids.size === 0) this.#waiting?.();
  }

  /** Resolves when nothing is in flight, at the latest after that time. */
  async settled(maxWaitMs: number): Promise<void> {
    if (this.#ids.size === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, maxWaitMs);
      this.#waiting = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
