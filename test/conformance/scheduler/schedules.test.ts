import { randomUUID } from 'node:crypto';
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListScheduleGroupsCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startScheduler } from '../../../local/scheduler/index.ts';
import { clientConfig, isRemote, serviceUnderTest } from '../../support/endpoint.ts';
import { ManualTimer } from '../../support/manual-timer.ts';

const QUEUE = 'arn:aws:sqs:us-east-1:000000000000:started';
const ROLE = 'arn:aws:iam::000000000000:role/scheduler';
const HOUR_MS = 3_600_000;
/** A Friday. */
const START = Date.UTC(2026, 10, 20);

const timer = new ManualTimer(START);
let close: () => Promise<void>;
let client: SchedulerClient;
let invoked: { arn: string; input: unknown; scheduleArn: string; at: string }[] = [];

beforeAll(async () => {
  const service = await serviceUnderTest(() =>
    startScheduler({
      timer,
      onInvoke: async ({ Arn }, input, scheduleArn) =>
        void invoked.push({ arn: Arn, input, scheduleArn, at: new Date(timer.now()).toISOString() }),
      onFault: (error) => {
        throw error;
      },
    }),
  );
  close = service.close;
  client = new SchedulerClient(clientConfig(service.url));
});

afterAll(async () => {
  client.destroy();
  await close();
});

beforeEach(() => {
  invoked = [];
});

const aSchedule = (over: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
  Name: `conformance-${randomUUID()}`,
  ScheduleExpression: 'cron(0 3 ? * SUN *)',
  FlexibleTimeWindow: { Mode: 'OFF' },
  Target: { Arn: QUEUE, RoleArn: ROLE, Input: '{"model":"churn"}' },
  ...over,
});
const create = (over: Partial<CreateScheduleCommandInput> = {}) =>
  client.send(new CreateScheduleCommand(aSchedule(over)));
const named = (name: string) => ({ name, message: expect.any(String) });

// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_GetSchedule.html
describe('a schedule', () => {
  it('is described as it was created', async () => {
    const input = aSchedule({ ScheduleExpressionTimezone: 'Asia/Jakarta', Description: 'retrains' });
    const { ScheduleArn } = await client.send(new CreateScheduleCommand(input));

    const schedule = await client.send(new GetScheduleCommand({ Name: input.Name }));

    expect(ScheduleArn).toMatch(new RegExp(`:schedule/default/${input.Name}$`));
    expect(schedule).toMatchObject({
      ...input,
      ...{ Arn: ScheduleArn, GroupName: 'default', State: 'ENABLED', ActionAfterCompletion: 'NONE' },
      ...{ CreationDate: expect.any(Date), LastModificationDate: expect.any(Date) },
    });
  });

  it('is listed by group, prefix and state', async () => {
    const prefix = `p${randomUUID().slice(0, 8)}`;
    for (const name of ['a', 'b']) await create({ Name: `${prefix}-${name}` });
    await create({ Name: `${prefix}-off`, State: 'DISABLED' });
    const list = async (over: object = {}) => {
      const { Schedules } = await client.send(new ListSchedulesCommand({ NamePrefix: prefix, ...over }));
      return Schedules!.map(({ Name }) => Name!.slice(prefix.length + 1));
    };

    expect(await list()).toEqual(['a', 'b', 'off']);
    expect(await list({ State: 'DISABLED' })).toEqual(['off']);
    expect(await list({ GroupName: 'default', MaxResults: 2 })).toEqual(['a', 'b']);
  });

  it('is updated as a whole, and deleted', async () => {
    const input = aSchedule({ Description: 'retrains' });
    await client.send(new CreateScheduleCommand(input));
    const { Description: _, ...rest } = input;
    await client.send(new UpdateScheduleCommand({ ...rest, State: 'DISABLED' }));
    const updated = await client.send(new GetScheduleCommand({ Name: input.Name }));
    await client.send(new DeleteScheduleCommand({ Name: input.Name }));

    expect([updated.State, updated.Description]).toEqual(['DISABLED', undefined]);
    await expect(client.send(new GetScheduleCommand({ Name: input.Name }))).rejects.toMatchObject(
      named('ResourceNotFoundException'),
    );
  });

  it('has a name of its own within its group', async () => {
    const Name = `conformance-${randomUUID()}`;
    const GroupName = `group-${randomUUID()}`;
    await client.send(new CreateScheduleGroupCommand({ Name: GroupName }));
    await create({ Name });

    await expect(create({ Name })).rejects.toMatchObject(named('ConflictException'));
    await expect(create({ Name, GroupName })).resolves.toMatchObject({
      ScheduleArn: expect.stringContaining(`schedule/${GroupName}/${Name}`),
    });
    await expect(create({ GroupName: 'nowhere' })).rejects.toMatchObject(named('ResourceNotFoundException'));
  });

  it.each([
    ['an expression that is none', { ScheduleExpression: 'every day' }],
    ['two stars for days', { ScheduleExpression: 'cron(0 3 * * * *)' }],
    ['a rate in the wrong number', { ScheduleExpression: 'rate(1 minutes)' }],
    ['an unknown time zone', { ScheduleExpressionTimezone: 'Mars/Olympus' }],
    ['a name with spaces', { Name: 'every week' }],
  ])('is refused with %s', async (_, over) => {
    await expect(create(over)).rejects.toMatchObject(named('ValidationException'));
  });
});

it('groups are described and listed', async () => {
  const Name = `group-${randomUUID()}`;
  const { ScheduleGroupArn } = await client.send(new CreateScheduleGroupCommand({ Name }));

  const group = await client.send(new GetScheduleGroupCommand({ Name }));
  const { ScheduleGroups } = await client.send(new ListScheduleGroupsCommand({ NamePrefix: Name }));

  expect(group).toMatchObject({ Arn: ScheduleGroupArn, Name, State: 'ACTIVE' });
  expect(ScheduleGroups!.map((one) => one.Name)).toEqual([Name]);
});

/** Only a clock that tests can move shows when a target is called. */
describe.skipIf(isRemote)('a target', () => {
  /** Adds a schedule, and tells what it called in so many hours. */
  async function calledWithin(hours: number, over: Partial<CreateScheduleCommandInput>) {
    const { ScheduleArn } = await create(over);
    const calls: { arn: string; input: unknown; at: string }[] = [];
    for (let hour = 0; hour < hours; hour += 1) {
      timer.advance(HOUR_MS);
      await new Promise((resolve) => setImmediate(resolve));
    }
    for (const { scheduleArn, ...call } of invoked) if (scheduleArn === ScheduleArn) calls.push(call);
    const { Name, GroupName } = { Name: ScheduleArn!.split('/').at(-1), GroupName: 'default' };
    await client.send(new DeleteScheduleCommand({ Name, GroupName })).catch(() => {});
    return calls;
  }
  const inHours = (hours: number) => new Date(timer.now() + hours * HOUR_MS);
  const local = (date: Date) => date.toISOString().slice(0, 19);

  it('is called with the input, when the schedule is due', async () => {
    const calls = await calledWithin(24 * 8, { ScheduleExpression: 'cron(0 3 ? * SUN *)' });

    expect(calls).toEqual([{ arn: QUEUE, input: { model: 'churn' }, at: '2026-11-22T03:00:00.000Z' }]);
  });

  it('is called at a rate from the start date to the end date', async () => {
    const [StartDate, EndDate] = [inHours(2), inHours(6)];

    const calls = await calledWithin(12, { ScheduleExpression: 'rate(2 hours)', StartDate, EndDate });

    expect(calls.map(({ at }) => at)).toEqual([2, 4, 6].map((hours) => inHours(hours - 12).toISOString()));
  });

  it('is called once for a moment, after which the schedule may go', async () => {
    const Name = `conformance-${randomUUID()}`;
    const ScheduleExpression = `at(${local(inHours(1))})`;

    const calls = await calledWithin(3, { Name, ScheduleExpression, ActionAfterCompletion: 'DELETE' });

    expect(calls).toHaveLength(1);
    await expect(client.send(new GetScheduleCommand({ Name }))).rejects.toMatchObject(
      named('ResourceNotFoundException'),
    );
  });

  it('is not called by a schedule that is disabled', async () => {
    expect(await calledWithin(3, { ScheduleExpression: 'rate(1 hour)', State: 'DISABLED' })).toEqual([]);
  });

  // https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
  it('learns of the invocation where its input asks', async () => {
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>","x":"<aws.scheduler.y>"}';
    const ScheduleExpression = `at(${local(inHours(1))})`;
    const expected = local(inHours(1));

    const calls = await calledWithin(2, { ScheduleExpression, Target: { Arn: QUEUE, RoleArn: ROLE, Input } });

    expect(calls[0]!.input).toEqual({
      at: `${expected}Z`,
      arn: expect.stringContaining(':schedule/default/conformance-'),
      x: '<aws.scheduler.y>',
    });
  });

  it('gets an event that tells of the schedule where it has no input', async () => {
    const Target = { Arn: QUEUE, RoleArn: ROLE };

    const calls = await calledWithin(2, { ScheduleExpression: `at(${local(inHours(1))})`, Target });

    expect(calls[0]!.input).toMatchObject({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event', detail: '{}' });
  });

  it.each([
    ['arn:aws:scheduler:::aws-sdk:s3:deleteObject', {}],
    ['arn:aws:sns:us-east-1:000000000000:topic', {}],
    [QUEUE, { EcsParameters: { TaskDefinitionArn: 'arn' } }],
    ['arn:aws:events:us-east-1:000000000000:event-bus/default', {}],
  ])('%s with %j is refused', async (Arn, over) => {
    await expect(create({ Target: { Arn, RoleArn: ROLE, ...over } })).rejects.toMatchObject(
      named('ValidationException'),
    );
  });
});
