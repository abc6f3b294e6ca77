import { goldenSchema, type ModelManifest, modelManifestSchema } from '@kilat/contracts';
import {
  answerInstances,
  assertImageClassifier,
  assertTabularClassifier,
  checkInstances,
  faultOf,
  feedsOf,
  ModelUnusableError,
  openModel,
  probe,
  runGoldenCases,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { anExplainer, aSession, aTabularClassifier, aTabularManifest, jsonFile } from '../support/tabular.ts';

const model = aTabularClassifier();
const { table, signature } = model.manifest;

describe('rows', () => {
  it('become one tensor a column: NaN and the empty string are missing values', () => {
    const feeds = feedsOf(signature.inputs, [{ months: 7, plan: 'gold' }, { plan: null }]);

    expect(feeds).toEqual({
      months: { data: Float32Array.of(7, Number.NaN), shape: [2, 1] },
      plan: { data: ['gold', ''], shape: [2, 1] },
    });
  });

  // Log-odds 2, 0 and -1: by the logistic function 0.880797, 0.5 and 0.268941.
  it('get label by the threshold, segment by the cuts', async () => {
    const rows = [
      { months: 0, plan: 'basic' },
      { months: 10, plan: 'gold' },
      { months: null, plan: 'gold' },
    ];

    const answers = await answerInstances(model, rows, { explain: false });

    expect(answers).toEqual([
      { label: 'yes', probability: expect.closeTo(0.880797, 6), segment: 'high' },
      { label: 'yes', probability: 0.5, segment: 'medium' },
      { label: 'no', probability: expect.closeTo(0.268941, 6), segment: 'low' },
    ]);
  });

  // weight * (value - mean): -1 * (1 - 0) for 30 months, -1 * (1 - 0.5) for gold; the average row has -0.5.
  it('are explained by contributions that add up to their log-odds, the largest first', async () => {
    const [answer] = await answerInstances(model, [{ months: 30, plan: 'gold' }], { explain: true });

    expect(answer!.explanation).toEqual({
      base_value: -0.5,
      log_odds: -2,
      contributions: { months: -1, plan: -0.5 },
      top_reasons: [
        { column: 'months', value: 30, contribution: -1 },
        { column: 'plan', value: 'gold', contribution: -0.5 },
      ],
    });
  });

  it('are refused by row and field, and forgiven where the table forgives', () => {
    expect(() => checkInstances(table, [{ months: 1, plan: 'gold' }, { months: 1.5 }])).toThrow(
      expect.objectContaining({
        code: 'invalid-instances',
        errors: [
          { pointer: 'instances/1/months', detail: '1.5 is not a whole number' },
          { pointer: 'instances/1/plan', detail: "missing value; expected one of 'basic', 'gold'" },
        ],
      }),
    );
    expect(checkInstances(table, [{ months: 1, plan: 'iron' }])).toEqual([
      { index: 0, column: 'plan', detail: "unknown category 'iron'; expected one of 'basic', 'gold'" },
    ]);
  });

  it('are named by a JSON pointer whose slashes and tildes are escaped', () => {
    const wrong = () => checkInstances(table, [{ months: 1, plan: 'gold', 'a/b~c': 1 }]);

    expect(wrong).toThrow(
      expect.objectContaining({ errors: [{ pointer: 'instances/0/a~1b~0c', detail: 'unknown column' }] }),
    );
  });
});

describe('a tabular model', () => {
  it('answers a row of nothing but missing values', async () => {
    await expect(probe(model)).resolves.toBeUndefined();
  });

  it.each([
    ['no explainer', new Map()],
    ['an explainer that is no JSON', new Map([['explainer.json', new TextEncoder().encode('{')]])],
    ['an explainer of another shape', new Map([['explainer.json', jsonFile({})]])],
    [
      'an explainer of other columns',
      new Map([['explainer.json', jsonFile({ ...anExplainer, encoder: { numbers: [], categories: [] } })]]),
    ],
    [
      'an explainer with a weight too few',
      new Map([
        [
          'explainer.json',
          jsonFile({ ...anExplainer, classifier: { kind: 'linear', weights: [1], intercept: 0, means: [0] } }),
        ],
      ]),
    ],
  ])('with %s is not opened', (_, files) => {
    expect(() => openModel(aTabularManifest(), aSession, files)).toThrow(ModelUnusableError);
  });

  it('is proved by rows whose probabilities are known', async () => {
    const golden = goldenSchema.parse({
      instance_cases: [
        { instance: { months: 10, plan: 'gold' }, probability: 0.5 },
        { instance: { months: 10, plan: 'gold' }, probability: 0.51 },
        { instance: { months: -1, plan: 'gold' }, probability: 0.5 },
      ],
    });

    const results = await runGoldenCases(model, golden);

    expect(results.map(({ deviation }) => deviation)).toEqual([0, expect.closeTo(0.01), Number.POSITIVE_INFINITY]);
    expect(results.map(({ tolerance }) => tolerance)).toEqual([1e-5, 1e-5, 1e-5]);
  });

  it('takes rows and no image', () => {
    expect(() => assertImageClassifier(model)).toThrow(expect.objectContaining({ code: 'wrong-task' }));
    expect(() => assertTabularClassifier(model)).not.toThrow();
  });
});

describe('a manifest', () => {
  const { outputs, inputs } = signature;

  it.each<[string, Partial<ModelManifest>]>([
    ['labels that are not the classes', { labels: ['yes', 'no'] }],
    ['an input too few', { signature: { inputs: inputs.slice(0, 1), outputs } }],
    ['an input of another name', { signature: { inputs: [inputs[0]!, { ...inputs[1]!, name: 'tariff' }], outputs } }],
  ])('with %s does not fit the schema', (_, parts) => {
    expect(modelManifestSchema.safeParse({ ...aTabularManifest(), ...parts }).success).toBe(false);
  });

  it.each<[string, ModelManifest['signature'], RegExp]>([
    ['without log-odds', { inputs, outputs: outputs.slice(0, 1) }, /no output 'log_odds'/],
    [
      'with whole numbers as input',
      { inputs: [{ ...inputs[0]!, datatype: 'INT64' }, inputs[1]!], outputs },
      /'months' is INT64/,
    ],
  ])('%s is at fault', (_, changed, reason) => {
    expect(faultOf(aTabularManifest({ signature: changed }))).toMatch(reason);
  });
});
