export { busNameOf, type NewRule, type RuleTarget, ruleArn } from './buses.ts';
export * from './server.ts';
