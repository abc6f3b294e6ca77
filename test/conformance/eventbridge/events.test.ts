import {
  CreateEventBusCommand,
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { startEventBridge } from '../../../local/eventbridge/index.ts';
import { clientConfig, isRemote, serviceUnderTest } from '../../support/endpoint.ts';
import { ManualTimer } from '../../support/manual-timer.ts';

const TARGET = 'arn:aws:sqs:us-east-1:000000000000:ended';

let service: { readonly url: string; close(): Promise<void> };
let client: EventBridgeClient;
let bus: string;
let delivered: { arn: string; event: Record<string, unknown> }[];

beforeAll(async () => {
  service = await serviceUnderTest(() =>
    startEventBridge({
      timer: new ManualTimer(Date.UTC(2026, 10, 20, 9, 30, 0, 500)),
      onEvent: async ({ Arn }, event) => void delivered.push({ arn: Arn, event: event as Record<string, unknown> }),
      onFault: (error) => {
        throw error;
      },
    }),
  );
  client = new EventBridgeClient(clientConfig(service.url));
});

afterAll(async () => {
  client.destroy();
  await service.close();
});

beforeEach(async () => {
  delivered = [];
  bus = `bus-${crypto.randomUUID()}`;
  await client.send(new CreateEventBusCommand({ Name: bus }));
});

async function aRule(EventPattern: object, State: 'ENABLED' | 'DISABLED' = 'ENABLED'): Promise<void> {
  const rule = { Name: 'ended', EventBusName: bus, EventPattern: JSON.stringify(EventPattern), State };
  await client.send(new PutRuleCommand(rule));
  const Targets = [{ Id: 'queue', Arn: TARGET }];
  await client.send(new PutTargetsCommand({ Rule: 'ended', EventBusName: bus, Targets }));
}

const put = (entry: object = {}) =>
  client.send(
    new PutEventsCommand({
      Entries: [
        { EventBusName: bus, Source: 'kilat', DetailType: 'kilat.job.ended', Detail: '{"state":"failed"}', ...entry },
      ],
    }),
  );

describe('an event', () => {
  // What reaches a target, only an emulator shows.
  it.skipIf(isRemote)('reaches the target of a rule that it fits, in the shape of EventBridge', async () => {
    await aRule({ source: ['kilat'] });

    const { FailedEntryCount, Entries } = await put({ Resources: ['arn:aws:s3:::a'] });

    expect(FailedEntryCount).toBe(0);
    expect(delivered).toEqual([
      {
        arn: TARGET,
        event: {
          version: '0',
          id: Entries![0]!.EventId,
          'detail-type': 'kilat.job.ended',
          source: 'kilat',
          account: '000000000000',
          time: '2026-11-20T09:30:00Z',
          region: 'us-east-1',
          resources: ['arn:aws:s3:::a'],
          detail: { state: 'failed' },
        },
      },
    ]);
  });

  it.skipIf(isRemote).each([
    [{ 'detail-type': ['kilat.job.ended'], detail: { state: ['failed', 'succeeded'] } }, 1],
    [{ detail: { state: ['succeeded'] } }, 0],
    [{ source: [{ prefix: 'ki' }] }, 1],
    [{ source: [{ prefix: 'aws.' }] }, 0],
    [{ detail: { state: [{ exists: true }] } }, 1],
    [{ detail: { state: [{ exists: false }] } }, 0],
    [{ detail: { other: [{ exists: false }] } }, 1],
    [{ detail: { other: { deep: ['x'] } } }, 0],
  ])('under the pattern %j is delivered %i times', async (pattern, times) => {
    await aRule(pattern);

    await put();

    expect(delivered).toHaveLength(times);
  });

  it.skipIf(isRemote)('passes a rule that is disabled, and the rules of other buses', async () => {
    await aRule({ source: ['kilat'] }, 'DISABLED');

    await put();
    await put({ EventBusName: 'default' });

    expect(delivered).toEqual([]);
  });

  it.skipIf(isRemote)('finds its bus by ARN too', async () => {
    await aRule({ source: ['kilat'] });

    await put({ EventBusName: `arn:aws:events:us-east-1:000000000000:event-bus/${bus}` });

    expect(delivered).toHaveLength(1);
  });

  it.each([
    [{ Source: undefined }, 'InvalidArgument'],
    [{ DetailType: undefined }, 'InvalidArgument'],
    [{ Detail: 'no JSON' }, 'MalformedDetail'],
    [{ Detail: '[]' }, 'MalformedDetail'],
  ])('with %j fails by itself', async (entry, ErrorCode) => {
    const { FailedEntryCount, Entries } = await put(entry);

    expect([FailedEntryCount, Entries![0]!.ErrorCode]).toEqual([1, ErrorCode]);
  });
});

describe('a rule', () => {
  it('is listed with its pattern, its state and its targets', async () => {
    await aRule({ source: ['kilat'] });

    const { Rules } = await client.send(new ListRulesCommand({ EventBusName: bus }));
    const { Targets } = await client.send(new ListTargetsByRuleCommand({ Rule: 'ended', EventBusName: bus }));

    expect(Rules).toEqual([
      expect.objectContaining({
        Name: 'ended',
        EventBusName: bus,
        State: 'ENABLED',
        EventPattern: '{"source":["kilat"]}',
      }),
    ]);
    expect(Targets).toEqual([{ Id: 'queue', Arn: TARGET }]);
  });

  it.each(['{', '[]', '{}', '{"source":"kilat"}'])('of the pattern %s is refused', async (EventPattern) => {
    const rule = new PutRuleCommand({ Name: 'broken', EventBusName: bus, EventPattern });

    await expect(client.send(rule)).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  });

  it.skipIf(isRemote)('of a pattern that AWS would take and nobody emulates is refused', async () => {
    const EventPattern = '{"source":[{"wildcard":"k*"}]}';
    const rule = new PutRuleCommand({ Name: 'broken', EventBusName: bus, EventPattern });

    await expect(client.send(rule)).rejects.toMatchObject({ name: 'InvalidEventPatternException' });
  });

  it('needs a bus that exists, and targets a rule that does', async () => {
    const rule = { Name: 'ended', EventBusName: 'nowhere', EventPattern: '{"source":["kilat"]}' };
    const targets = { Rule: 'nothing', EventBusName: bus, Targets: [{ Id: 'queue', Arn: TARGET }] };

    await expect(client.send(new PutRuleCommand(rule))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new PutTargetsCommand(targets))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });
});
