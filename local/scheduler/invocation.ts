import { randomUUID } from 'node:crypto';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Schedule } from './schedule.ts';

/** What a target gets: its input, or an event that tells of the schedule. */
export function invocationInput(schedule: Schedule, dueMs: number): unknown {
  const { Input } = schedule.Target;
  if (Input === undefined) return scheduledEvent(schedule.arn, dueMs);
  const text = Input.replace(
    /<aws\.scheduler\.([a-z-]+)>/g,
    (whole, name: string) => facts(schedule, dueMs)[name] ?? whole,
  );
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** @see https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html */
const facts = ({ arn }: Schedule, dueMs: number): Readonly<Record<string, string>> => ({
  'schedule-arn': arn,
  'scheduled-time': wholeSeconds(dueMs),
  'execution-id': randomUUID(),
  'attempt-number': '1',
});

const scheduledEvent = (arn: string, dueMs: number) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': 'Scheduled Event',
  source: 'aws.scheduler',
  account: LOCAL_ACCOUNT,
  time: wholeSeconds(dueMs),
  region: LOCAL_REGION,
  resources: [arn],
  detail: '{}',
});

const wholeSeconds = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');
