export { type CostMatrix, type CostThreshold, costCurve, costThreshold, type PricedCut } from './cost-threshold.ts';
export * from './f1-threshold.ts';
export * from './segments.ts';
