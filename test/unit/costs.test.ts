import { describe, expect, it } from 'vitest';
import { type CostSettings, costsOf, tracesOf, type Workload } from '../../lib/costs/costs.ts';
import { costTables } from '../../lib/costs/table.ts';
import { factsOf, type TemplateFacts } from '../../lib/costs/template-facts.ts';

const stage: CostSettings = {
  inferenceMemoryMiB: 2048,
  inferenceArchitecture: 'x86_64',
  photoRetentionDays: 90,
  historyRetentionDays: 60,
  logRetentionDays: 30,
};

const facts: TemplateFacts = { alarms: 12, dashboards: 0, queueMappings: 2, historyIndexes: 1 };

const workload: Workload = {
  predictions: 1_000_000,
  millisecondsPerPrediction: 19.3,
  photoBytes: 100_000,
  activeUsers: 12_000,
};

const costs = (changes: { stage?: Partial<CostSettings>; workload?: Partial<Workload> } = {}) => {
  const { workload: lines, idle } = costsOf({ ...stage, ...changes.stage }, facts, {
    ...workload,
    ...changes.workload,
  });
  return Object.fromEntries([...lines, ...idle].map((line) => [line.service, line]));
};

describe('a million predictions', () => {
  // Worked by hand from the price list: quantity, dollars, dollars after the free tier.
  it.each([
    ['API Gateway', 1_000_000, 1, 1],
    ['Lambda, requests', 1_000_000, 0.2, 0],
    ['Lambda, duration', 40_000, 0.667, 0], // 20 ms of 2 GB, a million times
    ['DynamoDB, writes', 3_000_000, 1.875, 1.875], // quota, history, its index
    ['DynamoDB, history', 3, 0.75, 0], // 750 bytes twice, a million of them for two months
    ['DynamoDB, recovery', 1.5, 0.3, 0.3],
    ['S3, writes', 1_000_000, 5, 5],
    ['S3, photos', 300, 6.9, 6.9], // 100 GB a month for three months
    ['SQS', 1_000_000, 0.4, 0],
    ['Cognito', 12_000, 180, 30],
    ['X-Ray', 1_000_000, 5, 4.5],
  ])('%s: %d units cost %d, and %d after the free tier', (service, quantity, usd, afterFree) => {
    const line = costs()[service]!;

    expect(line.quantity).toBeCloseTo(quantity, 6);
    expect([line.usd, line.usdAfterFreeTier]).toEqual([expect.closeTo(usd, 3), expect.closeTo(afterFree, 3)]);
  });

  it('cost twice the duration with twice the memory, and no more of anything else', () => {
    const [small, large] = [costs(), costs({ stage: { inferenceMemoryMiB: 4096 } })];

    expect(large['Lambda, duration']!.usd).toBeCloseTo(2 * small['Lambda, duration']!.usd, 9);
    expect({ ...large, 'Lambda, duration': 0 }).toEqual({ ...small, 'Lambda, duration': 0 });
  });

  it('cost a fifth less of the duration on arm64', () => {
    const ratio =
      costs({ stage: { inferenceArchitecture: 'arm64' } })['Lambda, duration']!.usd / costs()['Lambda, duration']!.usd;

    expect(ratio).toBeCloseTo(0.8, 3);
  });

  it('cost another request of the gateway for each 512 KiB of the photo', () => {
    expect(costs({ workload: { photoBytes: 524_289 } })['API Gateway']!.quantity).toBe(2_000_000);
  });

  it('cost in storage what they are kept', () => {
    expect(costs({ stage: { photoRetentionDays: 180 } })['S3, photos']!.usd).toBeCloseTo(13.8, 6);
  });
});

describe('a month without predictions', () => {
  const none = costsOf(stage, facts, { ...workload, predictions: 0, activeUsers: 0 });

  it('costs nothing by use', () => {
    expect(none.workload.reduce((total, { usd }) => total + usd, 0)).toBe(0);
  });

  it('costs alarms beyond ten, polls of two queues and the images', () => {
    // 5 pollers, 3 times a minute, 43,200 minutes, 2 queues
    expect(none.idle.map(({ service, quantity, usdAfterFreeTier }) => [service, quantity, usdAfterFreeTier])).toEqual([
      ['CloudWatch alarms', 12, expect.closeTo(0.2, 6)],
      ['CloudWatch dashboards', 0, 0],
      ['SQS, asked by Lambda', 1_296_000, expect.closeTo(0.1184, 6)],
      ['ECR, two images', 0.6, expect.closeTo(0.06, 6)],
    ]);
  });
});

describe('traces', () => {
  // 2,592,000 seconds in 30 days
  it.each([
    [0, 0],
    [1_000_000, 1_000_000],
    [2_592_000, 2_592_000],
    [3_592_000, 2_642_000],
  ])('of %d requests are %d', (requests, traces) => {
    expect(tracesOf(requests)).toBe(traces);
  });
});

describe('the facts of templates', () => {
  it('are counted over all of them, and the indexes of the history alone', () => {
    const table = (key: string, indexes: number) => ({
      Type: 'AWS::DynamoDB::GlobalTable',
      Properties: {
        KeySchema: [{ AttributeName: key }],
        GlobalSecondaryIndexes: Array.from({ length: indexes }, () => ({})),
      },
    });
    const templates = [
      { Resources: { A: { Type: 'AWS::CloudWatch::Alarm' }, H: table('owner', 1), J: table('job', 2) } },
      { Resources: { B: { Type: 'AWS::CloudWatch::Alarm' }, M: { Type: 'AWS::Lambda::EventSourceMapping' } } },
      {},
    ];

    expect(factsOf(templates)).toEqual({ alarms: 2, dashboards: 0, queueMappings: 1, historyIndexes: 1 });
  });
});

it('shows what is not verified as such', () => {
  const tables = costTables(costsOf(stage, facts, workload), 1_000_000);

  expect(tables).toContain('| S3, photos | 300 GB-months ¹ | 6.90 | 6.90 |');
  expect(tables).toContain('| X-Ray | 1,000,000 traces | 5.00 | 4.50 |');
});
