export { modelsCommand } from './command.ts';
export { type PulledModel, type PullOptions, pullModel } from './pull/pull.ts';
