import { AwsError } from '../aws-json.ts';
import { Timetable } from '../schedules/timetable.ts';
import type { Timer } from '../timer.ts';
import {
  assertSchedule,
  DEFAULT_GROUP,
  occurrencesOf,
  type Schedule,
  type ScheduleInput,
  scheduleArn,
} from './schedule.ts';

export interface Group {
  readonly name: string;
  readonly createdAtMs: number;
}

export interface SchedulesOptions {
  readonly timer: Timer;
  readonly onDue: (schedule: Schedule, dueMs: number) => void;
  readonly onFault: (error: unknown) => void;
}

/** Schedules with their groups; in memory, since the template declares them anew at every start. */
export class Schedules {
  readonly #timer: Timer;
  readonly #timetable: Timetable;
  readonly #onDue: SchedulesOptions['onDue'];
  readonly #groups = new Map<string, Group>();
  readonly #schedules = new Map<string, Schedule>();

  constructor({ timer, onDue, onFault }: SchedulesOptions) {
    this.#timer = timer;
    this.#timetable = new Timetable(timer, onFault);
    this.#onDue = onDue;
    this.putGroup(DEFAULT_GROUP);
  }

  putGroup(name: string): void {
    if (!this.#groups.has(name)) this.#groups.set(name, { name, createdAtMs: this.#timer.now() });
  }

  /** Adds a schedule, or replaces the one of that name. @throws {AwsError} ValidationException, ResourceNotFoundException */
  put(input: ScheduleInput): Schedule {
    assertSchedule(input);
    const { GroupName = DEFAULT_GROUP, State = 'ENABLED' } = input;
    this.group(GroupName);
    const arn = scheduleArn(GroupName, input.Name);
    const nowMs = this.#timer.now();
    const createdAtMs = this.#schedules.get(arn)?.createdAtMs ?? nowMs;
    const schedule = { ...input, GroupName, State, arn, createdAtMs, modifiedAtMs: nowMs };
    this.#schedules.set(arn, schedule);
    this.#timetable.delete(arn);
    if (State === 'ENABLED') this.#watch(schedule);
    return schedule;
  }

  has(group: string, name: string): boolean {
    return this.#schedules.has(scheduleArn(group, name));
  }

  /** @throws {AwsError} ResourceNotFoundException */
  get(group: string, name: string): Schedule {
    this.group(group);
    const schedule = this.#schedules.get(scheduleArn(group, name));
    if (!schedule) throw notFound(`Schedule ${name} does not exist.`);
    return schedule;
  }

  delete({ arn }: Schedule): void {
    this.#timetable.delete(arn);
    this.#schedules.delete(arn);
  }

  /** @throws {AwsError} ResourceNotFoundException */
  group(name: string): Group {
    const group = this.#groups.get(name);
    if (!group) throw notFound(`Schedule group ${name} does not exist.`);
    return group;
  }

  groups(): Group[] {
    return [...this.#groups.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  all(): Schedule[] {
    return [...this.#schedules.values()].sort((a, b) => (a.arn < b.arn ? -1 : 1));
  }

  close(): void {
    this.#timetable.close();
  }

  #watch(schedule: Schedule): void {
    const occurrences = occurrencesOf(schedule);
    this.#timetable.set(schedule.arn, occurrences, (dueMs) => {
      this.#onDue(schedule, dueMs);
      const isLast = occurrences.next(dueMs) === undefined;
      if (isLast && schedule.ActionAfterCompletion === 'DELETE') this.delete(schedule);
    });
  }
}

const notFound = (message: string): AwsError => new AwsError('ResourceNotFoundException', message, { status: 404 });
