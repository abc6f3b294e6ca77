export type { AlarmState, MetricAlarm } from './alarm.ts';
export type { Measurement } from './metric.ts';
export { type CloudWatchOptions, type CloudWatchService, startCloudWatch } from './server.ts';
