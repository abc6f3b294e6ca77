export type { NewRule, RuleTarget } from './buses.ts';
export * from './server.ts';
