export { type CostMatrix, type CostThreshold, costThreshold } from './cost-threshold.ts';
export * from './f1-threshold.ts';
export * from './segments.ts';
