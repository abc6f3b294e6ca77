export * from './linear-shap.ts';
export * from './permutation-importance.ts';
export * from './reasons.ts';
