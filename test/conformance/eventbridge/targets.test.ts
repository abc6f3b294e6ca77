import {
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
  type Target,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type EventBridgeService, startEventBridge } from '../../../local/eventbridge/index.ts';
import { clientConfig } from '../../support/endpoint.ts';
import { ManualTimer } from '../../support/manual-timer.ts';

const MACHINE = 'arn:aws:states:us-east-1:000000000000:stateMachine:training';
const ROLE = 'arn:aws:iam::000000000000:role/events';

const timer = new ManualTimer(Date.UTC(2026, 10, 20, 9, 30));
let service: EventBridgeService;
let client: EventBridgeClient;
let delivered: { target: object; input: unknown; ruleArn: string }[];
let rule: string;

beforeAll(async () => {
  service = await startEventBridge({
    timer,
    onEvent: async (target, input, ruleArn) => void delivered.push({ target, input, ruleArn }),
    onFault: (error) => {
      throw error;
    },
  });
  client = new EventBridgeClient(clientConfig(service.url));
});

afterAll(async () => {
  client.destroy();
  await service.close();
});

beforeEach(() => {
  delivered = [];
  rule = `rule-${crypto.randomUUID()}`;
});

async function aRule(settings: object, over: Partial<Target> = {}): Promise<void> {
  await client.send(new PutRuleCommand({ Name: rule, ...settings }));
  const Targets = [{ Id: 'training', Arn: MACHINE, RoleArn: ROLE, ...over }];
  await client.send(new PutTargetsCommand({ Rule: rule, Targets }));
}

const drift = (detail: object) =>
  client.send(
    new PutEventsCommand({ Entries: [{ Source: rule, DetailType: 'drift', Detail: JSON.stringify(detail) }] }),
  );

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
describe('a target', () => {
  it.each([
    ['the whole event', {}, expect.objectContaining({ 'detail-type': 'drift', detail: expect.any(Object) })],
    ['the same for every event', { Input: '{"model":"churn"}' }, { model: 'churn' }],
    ['a part of the event', { InputPath: '$.detail' }, { model: 'churn', score: 0.3, note: 'say "hi"' }],
    ['null for a part that is not there', { InputPath: '$.detail.other' }, null],
    [
      'a template with values as JSON',
      {
        InputTransformer: {
          InputPathsMap: { model: '$.detail.model', score: '$.detail.score', detail: '$.detail' },
          InputTemplate: '{"model": <model>, "score": <score>, "all": <detail>}',
        },
      },
      { model: 'churn', score: 0.3, all: { model: 'churn', score: 0.3, note: 'say "hi"' } },
    ],
    [
      'a template with values within text',
      {
        InputTransformer: {
          InputPathsMap: { model: '$.detail.model', score: '$.detail.score', note: '$.detail.note', no: '$.detail.no' },
          InputTemplate: '"<model><no> drifted by <score>: <note>"',
        },
      },
      'churn drifted by 0.3: say "hi"',
    ],
    [
      'a template with what the rule knows',
      { InputTransformer: { InputTemplate: '{"rule": <aws.events.rule-name>}' } },
      { rule: expect.stringMatching(/^rule-/) },
    ],
  ])('gets %s', async (_, over, expected) => {
    await aRule({ EventPattern: JSON.stringify({ 'detail-type': ['drift'], source: [rule] }) }, over);

    await drift({ model: 'churn', score: 0.3, note: 'say "hi"' });

    expect(delivered.map(({ input }) => input)).toEqual([expected]);
  });

  it('is called under its role, for the rule that has it', async () => {
    await aRule({ EventPattern: JSON.stringify({ source: [rule] }) });

    await drift({});

    expect(delivered).toMatchObject([
      { target: { Arn: MACHINE, RoleArn: ROLE }, ruleArn: `arn:aws:events:us-east-1:000000000000:rule/${rule}` },
    ]);
  });

  it.each([{ Input: 'no JSON' }, { Input: '{}', InputPath: '$' }])('is refused with %j', async (over) => {
    const target = aRule({ EventPattern: '{"source":["kilat"]}' }, over);

    await expect(target).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

// https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
describe('a rule by the clock', () => {
  it('sends an event when it is due', async () => {
    await aRule({ ScheduleExpression: 'cron(0 3 ? * SUN *)' });
    await timer.toNext();

    await expect
      .poll(() => delivered.map(({ input }) => input))
      .toEqual([
        expect.objectContaining({
          ...{ source: 'aws.events', 'detail-type': 'Scheduled Event', time: '2026-11-22T03:00:00Z', detail: {} },
          resources: [`arn:aws:events:us-east-1:000000000000:rule/${rule}`],
        }),
      ]);
    await client.send(new PutRuleCommand({ Name: rule, ScheduleExpression: 'rate(1 day)', State: 'DISABLED' }));
  });

  it.each([
    [{ ScheduleExpression: 'every day' }],
    [{ ScheduleExpression: 'at(2026-11-20T00:00:00)' }],
    [{ ScheduleExpression: 'cron(0 3 * * * *)' }],
    [{}],
  ])('is refused with %j', async (settings) => {
    await expect(aRule(settings)).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
