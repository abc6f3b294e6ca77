import type { SFNClient } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { aChain, outputOf, run, stepFunctionsUnderTest } from './machine-fixtures.ts';

let client: SFNClient;

beforeAll(async () => {
  client = await stepFunctionsUnderTest();
});

/** What a Pass state makes of its input; it has all fields that move data but `ResultSelector`. */
const pass = (fields: object, input: unknown) => outputOf(client, aChain({ Type: 'Pass', ...fields }), input);

const evaluated = async (expression: string, input: unknown = {}) =>
  ((await pass({ Parameters: { 'value.$': expression } }, input)) as { value: unknown }).value;

// https://docs.aws.amazon.com/step-functions/latest/dg/concepts-input-output-filtering.html
describe('input and output', () => {
  const input = { comment: 'An input comment.', data: { val1: 23, val2: 17 }, extra: 'foo' };

  it.each([
    ['InputPath takes a part', { InputPath: '$.data' }, { val1: 23, val2: 17 }],
    ['InputPath null takes nothing', { InputPath: null }, {}],
    ['Result takes the place of the input', { Result: { a: 1 } }, { a: 1 }],
    ['a Result of false is a result', { Result: false }, false],
    ['ResultPath adds to the input', { Result: 1, ResultPath: '$.data.sum' }, withSum(input, 1)],
    ['ResultPath makes what is missing', { Result: 1, ResultPath: '$.a.b' }, { ...input, a: { b: 1 } }],
    ['ResultPath null throws the result away', { Result: 1, ResultPath: null }, input],
    ['OutputPath takes a part', { OutputPath: '$.data.val1' }, 23],
    ['OutputPath null gives nothing', { OutputPath: null }, {}],
    ['the result joins the whole input, not the part', { InputPath: '$.data', ResultPath: '$.d' }, withD(input)],
  ])('%s', async (_, fields, expected) => {
    expect(await pass(fields, input)).toEqual(expected);
  });

  it('Parameters mix what is fixed with what is selected', async () => {
    const Parameters = { fixed: 1, 'size.$': '$.p.size', deep: [{ 'x.$': '$.p.x' }], '$.y': 'kept' };

    expect(await pass({ Parameters }, { p: { size: 'small', x: null } })).toEqual({
      ...{ fixed: 1, size: 'small', '$.y': 'kept' },
      deep: [{ x: null }],
    });
  });

  it('a ResultPath through what is no object fails', async () => {
    const definition = aChain({ Type: 'Pass', Result: 1, ResultPath: '$.extra.sum' });

    expect(await run(client, definition, input)).toMatchObject({
      status: 'FAILED',
      error: 'States.ResultPathMatchFailure',
    });
  });
});

function withSum(input: { data: object }, sum: number) {
  return { ...input, data: { ...input.data, sum } };
}

function withD(input: { data: object }) {
  return { ...input, d: input.data };
}

// https://docs.aws.amazon.com/step-functions/latest/dg/amazon-states-language-paths.html
describe('a path', () => {
  const input = {
    store: { book: [{ price: 8, title: 'A' }, { price: 12 }, { price: 9 }], 'odd name': 1, 'a:b': 2 },
    none: null,
  };

  it.each([
    ['$.store.book[0].title', 'A'],
    ["$['store']['odd name']", 1],
    ["$.store['a:b']", 2],
    ['$.none', null],
    ['$.store.book[-1].price', 9],
    ['$.store.book[*].price', [8, 12, 9]],
    ['$.store.book[1:].price', [12, 9]],
    ['$.store.book[0,2].price', [8, 9]],
    ['$..price', [8, 12, 9]],
    ['$.store.book[?(@.price > 8)].price', [12, 9]],
    ['$.store.book[?(@.price > 99)]', []],
  ])('%s selects %j', async (path, expected) => {
    expect(await evaluated(path, input)).toEqual(expected);
  });

  it.each(['$.nothing', '$.store.book[7]', '$.none.deeper', '$.store.toString', '$.store.book.length'])(
    '%s leads nowhere, which nothing catches',
    async (path) => {
      const { status, error, cause } = await run(client, aChain({ Type: 'Pass', Parameters: { 'v.$': path } }), input);

      expect([status, error]).toEqual(['FAILED', 'States.Runtime']);
      expect(cause).toMatch(
        `An error occurred while executing the state 'State1' (entered at the event id #2). The JSONPath '${path}' specified for the field 'v.$' could not be found in the input`,
      );
    },
  );
});

// https://docs.aws.amazon.com/step-functions/latest/dg/intrinsic-functions.html
describe('an intrinsic function', () => {
  it.each([
    ["States.Format('Hello, my name is {}.', $.name)", { name: 'Arnav' }, 'Hello, my name is Arnav.'],
    ["States.Format('{} of {}', 1, true)", {}, '1 of true'],
    ["States.Format('it\\'s \\{{}\\}', 'x')", {}, "it's {x}"],
    ['States.Format($.template, $.name)', { template: 'Hello {}', name: 'A' }, 'Hello A'],
    ['States.StringToJson($.text)', { text: '{"number": 20}' }, { number: 20 }],
    ['States.JsonToString($.json)', { json: { a: [1] } }, '{"a":[1]}'],
    ["States.Array('a', $.n, null)", { n: 1 }, ['a', 1, null]],
    ['States.Array()', {}, []],
    ['States.ArrayPartition($.a, 4)', { a: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, [[1, 2, 3, 4], [5, 6, 7, 8], [9]]],
    ['States.ArrayContains($.a, $.v)', { a: [1, { b: 2 }], v: { b: 2 } }, true],
    ['States.ArrayContains($.a, 3)', { a: [1] }, false],
    ['States.ArrayRange(1, 9, 2)', {}, [1, 3, 5, 7, 9]],
    ['States.ArrayRange(3, 1, -1)', {}, [3, 2, 1]],
    ['States.ArrayGetItem($.a, 5)', { a: [1, 2, 3, 4, 5, 6, 7, 8, 9] }, 6],
    ['States.ArrayLength($.a)', { a: [1, 2, 3] }, 3],
    ['States.ArrayUnique($.a)', { a: [1, 2, 3, 3, 3, 3, 4] }, [1, 2, 3, 4]],
    ['States.Base64Encode($.t)', { t: 'Data to encode' }, 'RGF0YSB0byBlbmNvZGU='],
    ['States.Base64Decode($.t)', { t: 'RGVjb2RlZCBkYXRh' }, 'Decoded data'],
    // printf 'input data' | sha1sum
    ["States.Hash('input data', 'SHA-1')", {}, 'aaff4a450a104cd177d28d18d74485e8cae074b7'],
    [
      'States.JsonMerge($.j1, $.j2, false)',
      { j1: { a: { a1: 1, a2: 2 }, b: 2 }, j2: { a: { a3: 1, a4: 2 }, c: 3 } },
      { a: { a3: 1, a4: 2 }, b: 2, c: 3 },
    ],
    ['States.MathAdd($.v, -1)', { v: 111 }, 110],
    ["States.StringSplit('1,2,3,4,5', ',')", {}, ['1', '2', '3', '4', '5']],
    ["States.StringSplit('This.is+a,test=string', '.+,=')", {}, ['This', 'is', 'a', 'test', 'string']],
    ["States.ArrayLength(States.Array('a, (b)', $.a[?(@ == 1)]))", { a: [1, 2] }, 2],
  ])('%s of %j is %j', async (expression, input, expected) => {
    expect(await evaluated(expression, input)).toEqual(expected);
  });

  it('States.MathRandom gives a whole number from the first to before the second', async () => {
    const values = (await evaluated(
      `States.Array(${Array.from({ length: 50 }, () => 'States.MathRandom(1, 4)').join(', ')})`,
    )) as number[];

    expect(values.every((value) => [1, 2, 3].includes(value))).toBe(true);
  });

  it('States.UUID gives an identifier of version 4', async () => {
    expect(await evaluated('States.UUID()')).toMatch(
      /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/,
    );
  });

  it.each([
    'States.StringToJson($.text)',
    'States.ArrayGetItem($.list, 9)',
    'States.ArrayPartition($.list, 0)',
    'States.ArrayRange(1, 2000, 1)',
    'States.MathAdd($.text, 1)',
    "States.Format('{} {}', 1)",
    "States.Hash('a', 'CRC')",
    'States.JsonMerge($, $, true)',
  ])('%s fails as States.IntrinsicFailure', async (expression) => {
    const definition = aChain({ Type: 'Pass', Parameters: { 'v.$': expression } });

    expect(await run(client, definition, { text: 'none', list: [1] })).toMatchObject({
      status: 'FAILED',
      error: 'States.IntrinsicFailure',
    });
  });
});

// https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
it('the context object tells of the execution, the state machine and the state', async () => {
  const context = (await pass({ Parameters: { 'all.$': '$$' } }, { a: 1 })) as { all: Record<string, object> };

  expect(context.all).toMatchObject({
    Execution: {
      Id: expect.stringMatching(/:execution:conformance-[^:]+:[^:]+$/),
      Input: { a: 1 },
      Name: expect.any(String),
      RoleArn: 'arn:aws:iam::000000000000:role/training',
      StartTime: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
    State: { Name: 'State1', EnteredTime: expect.any(String), RetryCount: 0 },
    StateMachine: { Id: expect.stringContaining(':stateMachine:conformance-'), Name: expect.any(String) },
  });
});
