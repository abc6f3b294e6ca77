export * from './show.ts';
