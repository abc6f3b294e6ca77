import type { Tree } from './tree.ts';

/** Puts a tree together, node by node. */
export class TreeBuilder {
  readonly #feature: number[] = [];
  readonly #threshold: number[] = [];
  readonly #left: number[] = [];
  readonly #right: number[] = [];
  readonly #missingLeft: number[] = [];
  readonly #value: number[] = [];
  readonly #cover: number[] = [];

  /** A new leaf. @returns its number */
  leaf(value: number, cover: number): number {
    this.#feature.push(-1);
    this.#threshold.push(0);
    this.#left.push(-1);
    this.#right.push(-1);
    this.#missingLeft.push(0);
    this.#cover.push(cover);
    return this.#value.push(value) - 1;
  }

  /** Makes a leaf a node with two children. */
  split(
    node: number,
    rule: { feature: number; threshold: number; missingLeft: boolean; left: number; right: number },
  ): void {
    this.#feature[node] = rule.feature;
    this.#threshold[node] = rule.threshold;
    this.#left[node] = rule.left;
    this.#right[node] = rule.right;
    this.#missingLeft[node] = Number(rule.missingLeft);
    this.#value[node] = 0;
  }

  tree(output: number): Tree {
    return {
      output,
      feature: Int32Array.from(this.#feature),
      threshold: Float32Array.from(this.#threshold),
      left: Int32Array.from(this.#left),
      right: Int32Array.from(this.#right),
      missingLeft: Uint8Array.from(this.#missingLeft),
      value: Float32Array.from(this.#value),
      cover: Float64Array.from(this.#cover),
    };
  }
}
