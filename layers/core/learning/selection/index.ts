export * from './candidate.ts';
export * from './cross-validate.ts';
export * from './folds.ts';
export * from './nested-cross-validate.ts';
export * from './select-model.ts';
export { type Measured, type SweepOptions, type SweepReport, sweep, sweepReport, type Trial } from './sweep.ts';
