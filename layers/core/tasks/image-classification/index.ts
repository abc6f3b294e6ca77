export * from './classify.ts';
export * from './golden.ts';
export * from './postprocess.ts';
export * from './preprocess.ts';
export * from './task.ts';
