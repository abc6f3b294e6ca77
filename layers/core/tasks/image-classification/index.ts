export * from './classify.ts';
export * from './postprocess.ts';
export * from './preprocess.ts';
