/**
 * The features on the way from a tree's root to a node, each with the share of training rows that follow it where the
 * feature is unknown (zero fraction) and whether the row does (one fraction, 1 or 0), and for each size of a subset of them the
 * weight of the row's way. Lundberg, Erion, Lee, "Consistent individualized feature attribution for tree ensembles", 2018,
 * algorithm 2: EXTEND, UNWIND and the sum of an unwound path.
 *
 * Every depth of a walk has a stretch of its own, so that a node's path outlives its children's without being allocated.
 */
export class ShapPath {
  readonly #stretch: number;
  readonly #features: Int32Array;
  readonly #zeroFractions: Float64Array;
  readonly #oneFractions: Float64Array;
  readonly #weights: Float64Array;
  /** 1 / n at n: a division takes several times as long as a product */
  readonly #reciprocals: Float64Array;

  /** @param depth edges of the longest way */
  constructor(depth: number) {
    this.#stretch = depth + 2;
    const size = this.#stretch * this.#stretch;
    this.#features = new Int32Array(size);
    this.#zeroFractions = new Float64Array(size);
    this.#oneFractions = new Float64Array(size);
    this.#weights = new Float64Array(size);
    this.#reciprocals = Float64Array.from({ length: this.#stretch + 1 }, (_, n) => 1 / n);
  }

  /** The path at the root, of one element that is no feature. */
  begin(): void {
    this.#features[0] = -1;
    this.#zeroFractions[0] = 1;
    this.#oneFractions[0] = 1;
    this.#weights[0] = 1;
  }

  /** Writes to the next depth the path of `length` elements at this one, extended by an element. */
  extend(depth: number, length: number, feature: number, zeroFraction: number, oneFraction: number): void {
    const from = depth * this.#stretch;
    const to = from + this.#stretch;
    const weights = this.#weights;
    const share = this.#reciprocals[length + 1]!;
    let above = 0;
    for (let i = length - 1; i >= 0; i--) {
      this.#features[to + i] = this.#features[from + i]!;
      this.#zeroFractions[to + i] = this.#zeroFractions[from + i]!;
      this.#oneFractions[to + i] = this.#oneFractions[from + i]!;
      const weight = weights[from + i]! * share;
      weights[to + i + 1] = above + oneFraction * weight * (i + 1);
      above = zeroFraction * weight * (length - i);
    }
    weights[to] = above;
    this.#features[to + length] = feature;
    this.#zeroFractions[to + length] = zeroFraction;
    this.#oneFractions[to + length] = oneFraction;
  }

  /** Where the feature stands among the `length` elements; -1 where it does not. The first element is no feature. */
  find(depth: number, length: number, feature: number): number {
    const start = depth * this.#stretch;
    for (let i = 1; i < length; i++) if (this.#features[start + i] === feature) return i;
    return -1;
  }

  zeroFraction(depth: number, element: number): number {
    return this.#zeroFractions[depth * this.#stretch + element]!;
  }

  oneFraction(depth: number, element: number): number {
    return this.#oneFractions[depth * this.#stretch + element]!;
  }

  /** Takes an element out of the `length` that are there, as if it had never been added. */
  unwind(depth: number, length: number, element: number): void {
    const start = depth * this.#stretch;
    const weights = this.#weights;
    const zeroFraction = this.#zeroFractions[start + element]!;
    const oneFraction = this.#oneFractions[start + element]!;
    let next = weights[start + length - 1]!;
    for (let i = length - 2; i >= 0; i--) {
      const weight = weights[start + i]!;
      if (oneFraction === 0) {
        weights[start + i] = (weight * length) / (zeroFraction * (length - 1 - i));
      } else {
        weights[start + i] = (next * length) / ((i + 1) * oneFraction);
        next = weight - (weights[start + i]! * zeroFraction * (length - 1 - i)) / length;
      }
    }
    for (let i = start + element; i < start + length - 1; i++) {
      this.#features[i] = this.#features[i + 1]!;
      this.#zeroFractions[i] = this.#zeroFractions[i + 1]!;
      this.#oneFractions[i] = this.#oneFractions[i + 1]!;
    }
  }

  /** Gives each feature of the `length` elements its part in a leaf's value. */
  attribute(depth: number, length: number, value: number, contributions: Float64Array): void {
    const start = depth * this.#stretch;
    // Of an element that the row does not follow, the zero fraction cancels out: all of them have the same part.
    const notFollowed = -this.#unwoundSumNotFollowed(start, length) * value;
    for (let i = start + 1; i < start + length; i++) {
      const zeroFraction = this.#zeroFractions[i]!;
      const isFollowed = this.#oneFractions[i] === 1;
      const part = isFollowed
        ? this.#unwoundSumFollowed(start, length, zeroFraction) * (1 - zeroFraction) * value
        : notFollowed;
      contributions[this.#features[i]!]! += part;
    }
  }

  /** The sum of the weights that would be left, were an element of the one fraction 1 taken out. */
  #unwoundSumFollowed(start: number, length: number, zeroFraction: number): number {
    const weights = this.#weights;
    const reciprocals = this.#reciprocals;
    let sum = 0;
    let next = weights[start + length - 1]!;
    for (let i = length - 2; i >= 0; i--) {
      const unwound = next * reciprocals[i + 1]!;
      sum += unwound;
      next = weights[start + i]! - unwound * zeroFraction * (length - 1 - i);
    }
    return sum * length;
  }

  /** The same for the one fraction 0, times the zero fraction. */
  #unwoundSumNotFollowed(start: number, length: number): number {
    let sum = 0;
    for (let i = length - 2; i >= 0; i--) sum += this.#weights[start + i]! * this.#reciprocals[length - 1 - i]!;
    return sum * length;
  }
}
