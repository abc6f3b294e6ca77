export type { EventName, S3Event, S3EventRecord } from './event-record.ts';
export type { Destination, OnEvent } from './notifications.ts';
export { type S3Options, type S3Service, startS3 } from './server.ts';
