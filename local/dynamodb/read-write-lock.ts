interface Waiting {
  readonly isExclusive: boolean;
  readonly enter: () => void;
}

/** Work that may run together, and work that must run alone, in the order in which it was asked for. */
export class ReadWriteLock {
  #running = 0;
  #isExclusive = false;
  readonly #waiting: Waiting[] = [];

  shared<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(false, work);
  }

  exclusive<T>(work: () => Promise<T>): Promise<T> {
    return this.#run(true, work);
  }

  async #run<T>(isExclusive: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#waiting.length > 0 || !this.#mayEnter(isExclusive)) {
      await new Promise<void>((enter) => this.#waiting.push({ isExclusive, enter }));
    } else {
      this.#enter(isExclusive);
    }
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  #mayEnter(isExclusive: boolean): boolean {
    return this.#running === 0 || (!isExclusive && !this.#isExclusive);
  }

  #enter(isExclusive: boolean): void {
    this.#running += 1;
    this.#isExclusive = isExclusive;
  }

  #leave(): void {
    this.#running -= 1;
    for (let next = this.#waiting[0]; next && this.#mayEnter(next.isExclusive); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#enter(next.isExclusive);
      next.enter();
    }
  }
}
