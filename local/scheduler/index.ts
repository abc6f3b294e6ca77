export type { ScheduleInput, ScheduleTarget } from './schedule.ts';
export * from './server.ts';
