export * from './lbfgs.ts';
export * from './logistic.ts';
export * from './logistic-candidate.ts';
export * from './minimize.ts';
export type { PenaltyOptions } from './penalty.ts';
export * from './softmax.ts';
