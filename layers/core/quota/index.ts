export * from './plans.ts';
export * from './quota.ts';
export * from './rate-limit.ts';
export * from './standing.ts';
export * from './usage.ts';
export * from './usage-store.ts';
export * from './windows.ts';
