export * from './alias-watch.ts';
export * from './loaded-versions.ts';
export * from './serving.ts';
