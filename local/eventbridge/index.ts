export type { Target } from './buses.ts';
export * from './server.ts';
