/** A tensor that goes into a model: FP32, or strings. */
export interface Feed {
  readonly data: Float32Array | readonly string[];
  readonly shape: readonly number[];
}

/** Weights that are loaded and hold what their signature says. */
export interface Session {
  /** @returns the outputs by name, flat, batch first */
  run(feeds: Readonly<Record<string, Feed>>): Promise<Readonly<Record<string, Float32Array>>>;
}
