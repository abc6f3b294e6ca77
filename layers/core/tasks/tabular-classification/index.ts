export * from './answer.ts';
export * from './check-instances.ts';
export * from './classifier.ts';
export { type ExplainRow, explainerOf } from './explain.ts';
export * from './task.ts';
