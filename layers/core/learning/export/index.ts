export * from './export-tabular-model.ts';
export type { TabularClassifier } from './onnx-classifier.ts';
export { frontEndInputs } from './onnx-front-end.ts';
export * from './tabular-explainer.ts';
export * from './tabular-signature.ts';
