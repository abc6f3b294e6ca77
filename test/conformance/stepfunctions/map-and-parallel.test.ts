import type { SFNClient } from '@aws-sdk/client-sfn';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import {
  aBranch,
  aChain,
  ending,
  functionArn,
  historyOf,
  namedError,
  outputOf,
  run,
  StubServices,
  start,
  stepFunctionsUnderTest,
} from './machine-fixtures.ts';

const services = new StubServices();
let client: SFNClient;

beforeAll(async () => {
  client = await stepFunctionsUnderTest({ services });
});

beforeEach(() => {
  services.functions = {};
});

const aMap = (over: object = {}, ...states: object[]) => ({
  Type: 'Map',
  ItemProcessor: {
    ProcessorConfig: { Mode: 'INLINE' },
    ...aBranch('Item', ...(states.length ? states : [{ Type: 'Pass' }])),
  },
  ...over,
});

const aTask = (over: object = {}) => ({ Type: 'Task', Resource: functionArn('train'), ...over });

// https://docs.aws.amazon.com/step-functions/latest/dg/state-map-inline.html
describe('Map', () => {
  it('gives the outputs in the order of the items', async () => {
    const map = aMap({ ItemsPath: '$.candidates' }, { Type: 'Pass', Parameters: { 'doubled.$': '$' } });

    expect(await outputOf(client, aChain(map), { candidates: [2, 1, 3] })).toEqual([
      { doubled: 2 },
      { doubled: 1 },
      { doubled: 3 },
    ]);
  });

  it('shapes each item with what surrounds it, and its states see the item too', async () => {
    const ItemSelector = {
      'item.$': '$$.Map.Item.Value',
      'index.$': '$$.Map.Item.Index',
      'dataset.$': '$.dataset',
    };
    const state = { Type: 'Pass', Parameters: { 'selected.$': '$', 'seen.$': '$$.Map.Item.Value.kind' } };
    const map = aMap({ ItemsPath: '$.items', ItemSelector }, state);

    const output = await outputOf(client, aChain(map), { dataset: 'd', items: [{ kind: 'a' }, { kind: 'b' }] });

    expect(output).toEqual([
      { selected: { item: { kind: 'a' }, index: 0, dataset: 'd' }, seen: 'a' },
      { selected: { item: { kind: 'b' }, index: 1, dataset: 'd' }, seen: 'b' },
    ]);
  });

  it('places its result as a task does', async () => {
    const fields = { ItemsPath: '$.items', ResultSelector: { 'first.$': '$[0]' }, ResultPath: '$.result' };

    const output = await outputOf(client, aChain(aMap(fields)), { items: ['a', 'b'] });

    expect(output).toEqual({ items: ['a', 'b'], result: { first: 'a' } });
  });

  it('of no items gives none', async () => {
    expect(await outputOf(client, aChain(aMap()), [])).toEqual([]);
  });

  it('takes the old names of its fields', async () => {
    const map = {
      Type: 'Map',
      Iterator: aBranch('Item', { Type: 'Pass' }),
      Parameters: { 'v.$': '$$.Map.Item.Value' },
    };

    expect(await outputOf(client, aChain(map), [1])).toEqual([{ v: 1 }]);
  });

  it('of what is no list ends the execution', async () => {
    expect(await run(client, aChain(aMap({ ItemsPath: '$.a' })), { a: 1 })).toMatchObject({ error: 'States.Runtime' });
  });

  describe.skipIf(isRemote)('with tasks', () => {
    it.each([
      [2, { MaxConcurrency: 2 }],
      [3, { MaxConcurrencyPath: '$.most' }],
      [6, {}],
    ])('runs at most %i items at once under %j', async (expected, fields) => {
      const released = Promise.withResolvers<void>();
      let [now, most] = [0, 0];
      services.functions.train = async () => {
        now += 1;
        most = Math.max(most, now);
        if (now === expected) setTimeout(released.resolve, 20); // time for one too many to come
        await released.promise;
        now -= 1;
      };

      await outputOf(client, aChain(aMap({ ItemsPath: '$.i', ...fields }, aTask())), {
        most: 3,
        i: [1, 2, 3, 4, 5, 6],
      });

      expect(most).toBe(expected);
    });

    it('fails with its first item that does, and ends the others', async () => {
      services.functions.train = (payload) => (payload === 2 ? namedError('Diverged') : new Promise(() => {}));
      const executionArn = await start(client, aChain(aMap({}, aTask())), [1, 2, 3]);

      expect(await ending(client, executionArn)).toMatchObject({ status: 'FAILED', error: 'Diverged' });
      const types = (await historyOf(client, executionArn)).map(({ type }) => type);
      expect(types.filter((type) => type === 'MapIterationAborted')).toHaveLength(2);
      // in this order as AWS was recorded (LocalStack's snapshot of test_service_lambda_map_timeout)
      expect(types.slice(-2)).toEqual(['MapStateFailed', 'ExecutionFailed']);
    });

    it('goes on where an item catches its own failure', async () => {
      services.functions.train = (payload) => (payload === 2 ? namedError('Diverged') : payload);
      const Catch = [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'Item2' }];

      const output = await outputOf(client, aChain(aMap({}, aTask({ Catch }), { Type: 'Pass' })), [1, 2, 3]);

      expect(output).toEqual([1, 2, 3]);
    });

    it('is caught and tried again as a whole', async () => {
      let tries = 0;
      services.functions.train = () => {
        tries += 1;
        return namedError('Diverged');
      };
      const guard = {
        Retry: [{ ErrorEquals: ['Diverged'], MaxAttempts: 1, IntervalSeconds: 1, MaxDelaySeconds: 1 }],
        Catch: [{ ErrorEquals: ['Diverged'], ResultPath: '$[0]', Next: 'State2' }],
      };

      const output = await outputOf(client, aChain(aMap(guard, aTask()), { Type: 'Pass' }), [1]);

      expect([tries, output]).toEqual([2, [{ Error: 'Diverged', Cause: expect.any(String) }]]);
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-parallel.html
describe('Parallel', () => {
  const aParallel = (branches: object[], over: object = {}) => ({ Type: 'Parallel', Branches: branches, ...over });

  it('gives every branch the input, and their outputs in order', async () => {
    const branches = [
      aBranch('A', { Type: 'Pass', Parameters: { 'a.$': '$.x' } }),
      { StartAt: 'B', States: { B: { Type: 'Succeed' } } },
    ];

    expect(await outputOf(client, aChain(aParallel(branches)), { x: 1 })).toEqual([{ a: 1 }, { x: 1 }]);
  });

  it('fails with its first branch that does, which may be caught', async () => {
    const branches = [
      { StartAt: 'Bad', States: { Bad: { Type: 'Fail', Error: 'Drifted', Cause: 'too far' } } },
      { StartAt: 'Slow', States: { Slow: { Type: 'Wait', Seconds: 86_400, End: true } } },
    ];
    const Catch = [{ ErrorEquals: ['Drifted'], Next: 'State2' }];

    const output = await outputOf(client, aChain(aParallel(branches, { Catch }), { Type: 'Pass' }));

    expect(output).toEqual({ Error: 'Drifted', Cause: 'too far' });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html
describe('Fail', () => {
  it.each([
    [{ Error: 'Rejected', Cause: 'the champion is better' }],
    [{ ErrorPath: '$.error', CausePath: "States.Format('the {} is better', $.who)" }],
  ])('%j ends the execution with its error', async (fields) => {
    const definition = { StartAt: 'F', States: { F: { Type: 'Fail', ...fields } } };

    expect(await run(client, definition, { error: 'Rejected', who: 'champion' })).toMatchObject({
      status: 'FAILED',
      error: 'Rejected',
      cause: 'the champion is better',
    });
  });
});
