import { AwsError } from '../aws-json.ts';
import { DEFAULT_GROUP, groupArn, invalid, type Schedule, type ScheduleInput } from './schedule.ts';
import type { Group, Schedules } from './schedules.ts';

/** A request as the operations see it: the name of the path, the query, the body. */
export interface SchedulerRequest {
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

type Operation = (request: SchedulerRequest) => object;

/**
 * By method and kind of resource; what has no name in its path lists.
 * @see https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Operations.html
 */
export const schedulerOperations = (schedules: Schedules): Readonly<Record<string, Operation>> => ({
  'POST schedule': ({ name, body }) => {
    const input = scheduleInput(name, body);
    if (schedules.has(input.GroupName ?? DEFAULT_GROUP, name)) throw conflict(`Schedule ${name} already exists.`);
    return { ScheduleArn: schedules.put(input).arn };
  },
  'PUT schedule': ({ name, body }) => {
    const input = scheduleInput(name, body);
    schedules.get(input.GroupName ?? DEFAULT_GROUP, name);
    return { ScheduleArn: schedules.put(input).arn };
  },
  'GET schedule': ({ name, query }) => described(schedules.get(query.get('groupName') ?? DEFAULT_GROUP, name)),
  'DELETE schedule': ({ name, query }) => {
    schedules.delete(schedules.get(query.get('groupName') ?? DEFAULT_GROUP, name));
    return {};
  },
  'GET schedules': ({ query }) => {
    const { page, NextToken } = pageOf(schedules.all().filter(matching(query)), query);
    return { Schedules: page.map(summarized), NextToken };
  },
  'POST schedule-group': ({ name }) => {
    if (schedules.groups().some((group) => group.name === name))
      throw conflict(`Schedule group ${name} already exists.`);
    schedules.putGroup(name);
    return { ScheduleGroupArn: groupArn(name) };
  },
  'GET schedule-group': ({ name }) => describedGroup(schedules.group(name)),
  'GET schedule-groups': ({ query }) => {
    const prefix = query.get('NamePrefix') ?? '';
    const { page, NextToken } = pageOf(
      schedules.groups().filter(({ name }) => name.startsWith(prefix)),
      query,
    );
    return { ScheduleGroups: page.map(describedGroup), NextToken };
  },
});

const conflict = (message: string): AwsError => new AwsError('ConflictException', message, { status: 409 });

/** The token that makes a request idempotent is of no use where nothing gets lost. */
const scheduleInput = (Name: string, { ClientToken: _, ...body }: SchedulerRequest['body']): ScheduleInput =>
  ({ ...body, Name }) as ScheduleInput;

const matching = (query: URLSearchParams) => (schedule: Schedule) =>
  schedule.Name.startsWith(query.get('NamePrefix') ?? '') &&
  [null, schedule.GroupName].includes(query.get('ScheduleGroup')) &&
  [null, String(schedule.State)].includes(query.get('State'));

const MAX_RESULTS = 100;

/** The token is the number of those that came before. */
function pageOf<T>(all: readonly T[], query: URLSearchParams) {
  const limit = Number(query.get('MaxResults') ?? MAX_RESULTS);
  if (!(limit >= 1 && limit <= MAX_RESULTS)) throw invalid(`MaxResults must be from 1 to ${MAX_RESULTS}`);
  const token = query.get('NextToken');
  const from = token === null ? 0 : Number(token);
  if (!Number.isInteger(from)) throw invalid('NextToken is not valid');
  const end = from + limit;
  return { page: all.slice(from, end), NextToken: end < all.length ? String(end) : undefined };
}

const described = ({ arn, createdAtMs, modifiedAtMs, ...schedule }: Schedule) => ({
  ActionAfterCompletion: 'NONE',
  ScheduleExpressionTimezone: 'UTC',
  ...schedule,
  Arn: arn,
  CreationDate: createdAtMs / 1000,
  LastModificationDate: modifiedAtMs / 1000,
});

const summarized = ({ arn, Name, GroupName, State, Target, createdAtMs, modifiedAtMs }: Schedule) => ({
  ...{ Arn: arn, Name, GroupName, State },
  Target: { Arn: Target.Arn },
  CreationDate: createdAtMs / 1000,
  LastModificationDate: modifiedAtMs / 1000,
});

const describedGroup = ({ name, createdAtMs }: Group) => ({
  Arn: groupArn(name),
  Name: name,
  State: 'ACTIVE',
  CreationDate: createdAtMs / 1000,
  LastModificationDate: createdAtMs / 1000,
});
