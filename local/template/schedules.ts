import { AwsError } from '../aws-json.ts';
import type { ScheduleInput, SchedulerService } from '../scheduler/index.ts';
import { TemplateError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const scheduleIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? physicalName(resource, 64);
  const group = resource.explicitName('GroupName') ?? 'default';
  return { physicalName: name, ref: name, attributes: { Arn: arn('scheduler', `schedule/${group}/${name}`) } };
};

export const scheduleGroupIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? physicalName(resource, 64);
  return { physicalName: name, ref: name, attributes: { Arn: arn('scheduler', `schedule-group/${name}`) } };
};

/** A template gives moments as text, where the API has numbers. */
interface ScheduleProperties extends Omit<ScheduleInput, 'Name' | 'StartDate' | 'EndDate'> {
  readonly StartDate?: string;
  readonly EndDate?: string;
}

/** @throws {TemplateError} saying what the schedule has that is wrong, or not emulated */
export function applySchedules(
  declared: { readonly groups: readonly Resource[]; readonly schedules: readonly Resource[] },
  scheduler: SchedulerService,
): void {
  for (const { physicalName: name } of declared.groups) scheduler.putGroup(name);
  for (const schedule of declared.schedules) {
    try {
      scheduler.putSchedule(inputOf(schedule));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new TemplateError(`${schedule.logicalId}: ${error.message}`, { cause: error });
    }
  }
}

function inputOf(schedule: Resource): ScheduleInput {
  const { StartDate, EndDate, ...properties } = propertiesOf<ScheduleProperties>(schedule);
  return {
    ...properties,
    Name: schedule.physicalName,
    ...(StartDate ? { StartDate: Date.parse(StartDate) / 1000 } : {}),
    ...(EndDate ? { EndDate: Date.parse(EndDate) / 1000 } : {}),
  };
}
