export { type SqsOptions, type SqsService, startSqs } from './server.ts';
