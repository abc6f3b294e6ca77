import type { SFNClient } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, it } from 'vitest';
import { outputOf, run, stepFunctionsUnderTest } from './machine-fixtures.ts';

let client: SFNClient;

beforeAll(async () => {
  client = await stepFunctionsUnderTest();
});

const aChoice = (rule: object, over: object = { Default: 'No' }) => ({
  StartAt: 'Choose',
  States: {
    Choose: { Type: 'Choice', Choices: [{ ...rule, Next: 'Yes' }], ...over },
    Yes: { Type: 'Pass', Result: true, End: true },
    No: { Type: 'Pass', Result: false, End: true },
  },
});

// https://docs.aws.amazon.com/step-functions/latest/dg/state-choice.html
describe('a rule', () => {
  const input = {
    n: 20,
    min: 10,
    text: 'foo123.log',
    star: 'a*b',
    yes: true,
    none: null,
    day: '2026-01-02T03:04:05Z',
    sameDay: '2026-01-02T04:04:05+01:00',
  };

  it.each([
    [{ Variable: '$.n', NumericEquals: 20 }, true],
    [{ Variable: '$.n', NumericLessThan: 20 }, false],
    [{ Variable: '$.n', NumericLessThanEquals: 20 }, true],
    [{ Variable: '$.n', NumericGreaterThanPath: '$.min' }, true],
    [{ Variable: '$.n', NumericGreaterThanEqualsPath: '$.text' }, false],
    [{ Variable: '$.text', NumericGreaterThan: 0 }, false],
    [{ Variable: '$.text', StringEquals: 'foo123.log' }, true],
    [{ Variable: '$.text', StringLessThan: 'fop' }, true],
    [{ Variable: '$.text', StringMatches: 'foo*.log' }, true],
    [{ Variable: '$.text', StringMatches: '*.*' }, true],
    [{ Variable: '$.text', StringMatches: 'foo' }, false],
    [{ Variable: '$.text', StringMatches: 'foo???.log' }, false],
    [{ Variable: '$.star', StringMatches: 'a\\*b' }, true],
    [{ Variable: '$.text', StringMatches: 'foo\\*.log' }, false],
    [{ Variable: '$.yes', BooleanEquals: true }, true],
    [{ Variable: '$.yes', BooleanEqualsPath: '$.yes' }, true],
    [{ Variable: '$.day', TimestampEqualsPath: '$.sameDay' }, true],
    [{ Variable: '$.day', TimestampLessThan: '2026-01-02T03:04:06Z' }, true],
    [{ Variable: '$.text', TimestampLessThan: '2026-01-02T03:04:06Z' }, false],
    [{ Variable: '$.missing', IsPresent: true }, false],
    [{ Variable: '$.missing', IsPresent: false }, true],
    [{ Variable: '$.none', IsPresent: true }, true],
    [{ Variable: '$.none', IsNull: true }, true],
    [{ Variable: '$.n', IsNull: false }, true],
    [{ Variable: '$.n', IsNumeric: true }, true],
    [{ Variable: '$.text', IsString: true }, true],
    [{ Variable: '$.yes', IsBoolean: false }, false],
    [{ Variable: '$.day', IsTimestamp: true }, true],
    [{ Variable: '$.text', IsTimestamp: false }, true],
    [{ Not: { Variable: '$.n', NumericEquals: 20 } }, false],
    [
      {
        And: [
          { Variable: '$.n', IsNumeric: true },
          { Variable: '$.n', NumericLessThan: 9 },
        ],
      },
      false,
    ],
    [
      {
        Or: [
          { Variable: '$.n', NumericLessThan: 9 },
          { Variable: '$.yes', BooleanEquals: true },
        ],
      },
      true,
    ],
    [
      {
        And: [
          { Variable: '$.missing', IsPresent: true },
          { Variable: '$.missing', NumericEquals: 1 },
        ],
      },
      false,
    ],
    [{ Variable: '$$.State.Name', StringEquals: 'Choose' }, true],
  ])('%j gives %s', async (rule, expected) => {
    expect(await outputOf(client, aChoice(rule), input)).toBe(expected);
  });
});

it('the first rule that holds decides', async () => {
  const choices = [
    { Variable: '$.n', NumericGreaterThan: 5, Next: 'No' },
    { Variable: '$.n', NumericGreaterThan: 1, Next: 'Yes' },
  ];

  expect(await outputOf(client, aChoice({}, { Choices: choices }), { n: 7 })).toBe(false);
});

it('without a rule that holds and a default, the execution fails', async () => {
  const { States, StartAt } = aChoice({ Variable: '$.n', NumericEquals: 1 }, {});
  const definition = { StartAt, States: { Choose: States.Choose, Yes: States.Yes } };

  expect(await run(client, definition, { n: 2 })).toMatchObject({ status: 'FAILED', error: 'States.NoChoiceMatched' });
});

it('a variable that is not there ends the execution', async () => {
  const definition = aChoice({ Variable: '$.missing', NumericEquals: 1 });

  const { error, cause } = await run(client, definition, {});

  expect(error).toBe('States.Runtime');
  expect(cause).toContain("Invalid path '$.missing': The choice state's condition path references an invalid value.");
});
