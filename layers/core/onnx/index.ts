export type { OnnxDatatype } from './datatype.ts';
export { encodeModel } from './encode-model.ts';
export * from './errors.ts';
export * from './graph.ts';
export * from './inspect-model.ts';
export * from './merge-backbone-and-head.ts';
export type { DeclaredValue } from './read-value-info.ts';
