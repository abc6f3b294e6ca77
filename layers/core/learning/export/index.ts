export * from './export-tabular-model.ts';
export type { TabularClassifier } from './onnx-classifier.ts';
export { frontEndInputs } from './onnx-front-end.ts';
