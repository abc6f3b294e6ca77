export * from './batch.ts';
export * from './http.ts';
export * from './image-upload.ts';
export * from './json-body.ts';
export * from './observability.ts';
export * from './read-env.ts';
