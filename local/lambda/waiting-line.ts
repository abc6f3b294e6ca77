/** A number of places, given out in the order in which they were asked for. */
export class WaitingLine {
  #free: number;
  readonly #waiting: { readonly enter: () => void; readonly refuse: (reason: Error) => void }[] = [];

  constructor(places: number) {
    this.#free = places;
  }

  /** Resolves with a place taken; `leave` gives it back. */
  async enter(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((enter, refuse) => this.#waiting.push({ enter, refuse }));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next.enter();
    else this.#free += 1;
  }

  /** Turns away all who wait. */
  disperse(reason: Error): void {
    for (const { refuse } of this.#waiting.splice(0)) refuse(reason);
  }
}
