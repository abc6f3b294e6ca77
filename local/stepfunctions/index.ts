export * from './server.ts';
export type { NewStateMachine } from './state-machines.ts';
export type { StatesMetric, StatusEvent } from './status-change.ts';
export type { FunctionCall, FunctionResult, ServiceCall, TaskServices } from './tasks/task-services.ts';
