export * from './candidate.ts';
export * from './cross-validate.ts';
export * from './folds.ts';
export * from './nested-cross-validate.ts';
export * from './select-model.ts';
export { type SweepOptions, type SweepReport, sweep, type Trial } from './sweep.ts';
