export * from './batch.ts';
export * from './http.ts';
export * from './json-body.ts';
export * from './observability.ts';
export * from './prediction-body.ts';
export * from './read-env.ts';
