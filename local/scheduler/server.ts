import type { Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Service } from '../service.ts';
import { systemTimer, type Timer } from '../timer.ts';
import { invocationInput } from './invocation.ts';
import { schedulerRestApi } from './rest-api.ts';
import type { Schedule, ScheduleInput, ScheduleTarget } from './schedule.ts';
import { Schedules } from './schedules.ts';

export interface SchedulerOptions {
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default the computer's own time */
  readonly timer?: Timer;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** Takes to a target what the schedule of that ARN has for it. */
  readonly onInvoke: (target: ScheduleTarget, input: unknown, scheduleArn: string) => Promise<void>;
  /** Told of faults of the emulator itself, and of targets that could not be called. */
  readonly onFault: (error: unknown) => void;
}

export interface SchedulerService extends Service {
  putGroup(name: string): void;
  /** Adds a schedule, or replaces the one of that name. @throws {AwsError} ValidationException, ResourceNotFoundException */
  putSchedule(schedule: ScheduleInput): void;
}

/** Amazon EventBridge Scheduler on 127.0.0.1. */
export async function startScheduler(options: SchedulerOptions): Promise<SchedulerService> {
  const { timer = systemTimer, iam, onInvoke, onFault } = options;
  const onDue = (schedule: Schedule, dueMs: number) =>
    void onInvoke(schedule.Target, invocationInput(schedule, dueMs), schedule.arn).catch(onFault);
  const schedules = new Schedules({ timer, onDue, onFault });
  const { url, close } = await listen(schedulerRestApi({ schedules, iam, onFault }), options.port);
  return {
    url,
    putGroup: (name) => schedules.putGroup(name),
    putSchedule: (schedule) => void schedules.put(schedule),
    close: () => {
      schedules.close();
      return close();
    },
  };
}
