/** Hands out the one with the highest gain first: a binary heap. */
export class GainQueue<T extends { readonly split: { readonly gain: number } }> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  push(item: T): void {
    let at = this.#items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#gain(parent) >= this.#gain(at)) return;
      this.#swap(at, parent);
      at = parent;
    }
  }

  /** @returns undefined when there is none */
  pop(): T | undefined {
    const items = this.#items;
    if (items.length === 0) return undefined;
    this.#swap(0, items.length - 1);
    const top = items.pop();
    for (let at = 0; ; ) {
      const child = this.#betterChild(at);
      if (child === undefined || this.#gain(at) >= this.#gain(child)) return top;
      this.#swap(at, child);
      at = child;
    }
  }

  #betterChild(at: number): number | undefined {
    const left = 2 * at + 1;
    if (left >= this.#items.length) return undefined;
    const right = left + 1;
    return right < this.#items.length && this.#gain(right) > this.#gain(left) ? right : left;
  }

  #gain(at: number): number {
    return this.#items[at]!.split.gain;
  }

  #swap(a: number, b: number): void {
    const items = this.#items;
    [items[a], items[b]] = [items[b]!, items[a]!];
  }
}
