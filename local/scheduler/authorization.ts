import type { AccessRequest, RefusalStyle } from '../iam/index.ts';
import type { SchedulerRequest } from './operations.ts';
import { DEFAULT_GROUP, groupArn, scheduleArn } from './schedule.ts';

export const refusalStyle: RefusalStyle = { status: 403 };

const onSchedule =
  (action: string) =>
  ({ name, query, body }: SchedulerRequest): AccessRequest => {
    const group = String(query.get('groupName') ?? body.GroupName ?? DEFAULT_GROUP);
    return { action: `scheduler:${action}`, resource: scheduleArn(group, name) };
  };

const onGroup =
  (action: string) =>
  ({ name }: SchedulerRequest): AccessRequest => ({ action: `scheduler:${action}`, resource: groupArn(name) });

/**
 * What each operation asks for, by method and kind of resource as the operations are.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
 */
export const operationAccess: Readonly<Record<string, (request: SchedulerRequest) => AccessRequest>> = {
  'POST schedule': onSchedule('CreateSchedule'),
  'PUT schedule': onSchedule('UpdateSchedule'),
  'GET schedule': onSchedule('GetSchedule'),
  'DELETE schedule': onSchedule('DeleteSchedule'),
  'GET schedules': () => ({ action: 'scheduler:ListSchedules', resource: '*' }),
  'POST schedule-group': onGroup('CreateScheduleGroup'),
  'GET schedule-group': onGroup('GetScheduleGroup'),
  'GET schedule-groups': () => ({ action: 'scheduler:ListScheduleGroups', resource: '*' }),
};
