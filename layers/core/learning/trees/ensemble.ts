import { sigmoid } from '../log-odds.ts';
import type { Matrix } from '../matrix.ts';
import { addTree, type Tree } from './tree.ts';

/** How scores become probabilities: logistic function of one score, softmax over one per class, or they are already. */
export type Link = 'logit' | 'softmax' | 'identity';

/** Trees whose values add up to the scores of a row. */
export interface TreeEnsemble {
  readonly link: Link;
  /** features of a row */
  readonly columns: number;
  /** where each output's score starts; as many as there are outputs: one for two classes, else one per class */
  readonly baseScores: Float32Array;
  readonly trees: readonly Tree[];
}

/**
 * Scores of each row, row-major, rows x outputs: log-odds of class 1 under 'logit', its probability under 'identity'.
 * @throws {RangeError} when the rows have other features than the ensemble
 */
export function rawScores({ columns, baseScores, trees }: TreeEnsemble, features: Matrix): Float64Array {
  if (features.columns !== columns) {
    throw new RangeError(`the rows have ${features.columns} features; the trees know ${columns}`);
  }
  const outputs = baseScores.length;
  const scores = new Float64Array(features.rows * outputs);
  for (let i = 0; i < scores.length; i++) scores[i] = baseScores[i % outputs]!;
  for (const tree of trees) addTree(tree, features, scores, outputs);
  return scores;
}

/**
 * Probabilities of each row: of class 1 where there are two classes, else of every class, row-major, rows x classes.
 * @throws {RangeError} when the rows have other features than the ensemble
 */
export function probabilities(ensemble: TreeEnsemble, features: Matrix): Float64Array {
  const scores = rawScores(ensemble, features);
  if (ensemble.link === 'identity') return scores;
  if (ensemble.link === 'logit') return scores.map(sigmoid);
  const classes = ensemble.baseScores.length;
  for (let at = 0; at < scores.length; at += classes) softmax(scores.subarray(at, at + classes));
  return scores;
}

/** In place. The largest is taken off first, so that nothing overflows. */
export function softmax(scores: Float64Array): void {
  const largest = scores.reduce((a, b) => Math.max(a, b), -Infinity);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp(scores[i]! - largest);
    sum += scores[i]!;
  }
  for (let i = 0; i < scores.length; i++) scores[i]! /= sum;
}
