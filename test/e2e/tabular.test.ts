import { readFile } from 'node:fs/promises';
import type { InstancePrediction } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, example, predictBytes, predictJson, tokenOfNewUser } from '../support/api.ts';
import { aCustomer, churnCases, churnFile } from '../support/churn.ts';

const tenant = `c-${crypto.randomUUID().slice(0, 8)}`;

let ani: string;
let chief: string;
let stranger: string;

beforeAll(async () => {
  const users = await Promise.all([
    tokenOfNewUser(tenant),
    tokenOfNewUser(tenant, 'admin'),
    tokenOfNewUser(`${tenant}-x`),
  ]);
  [ani, chief, stranger] = users.map(({ access }) => access) as [string, string, string];
});

const instances = churnCases.map(({ instance }) => instance);
const churn = (body: unknown, query = '', token = ani) => predictJson(token, body, `?model=churn${query}`);

describe('POST /v1/predict?model=churn', () => {
  it('gives the probabilities that the trainer computed, each under an id of its own', async () => {
    const { status, body } = await churn({ instances });

    expect([status, body.model, body.model_version, body.warnings]).toEqual([200, 'churn', '1', []]);
    const predictions: InstancePrediction[] = body.predictions;
    const deviations = predictions.map(({ probability }, index) =>
      Math.abs(probability - churnCases[index]!.probability),
    );
    expect(Math.max(...deviations)).toBeLessThanOrEqual(1e-5);
    expect(new Set(predictions.map(({ prediction_id }) => prediction_id)).size).toBe(churnCases.length);
    expect(predictions.map(({ id }) => id)).toEqual(instances.map(({ customerID }) => customerID));
  });

  it('explains, on demand, with contributions that add up to the log-odds', async () => {
    const { body } = await churn({ instances }, '&explain=true');

    for (const { explanation } of body.predictions) {
      const values: number[] = Object.values(explanation.contributions);
      const sum = values.reduce((total, value) => total + value, explanation.base_value);
      expect(Math.abs(sum - explanation.log_odds)).toBeLessThanOrEqual(1e-6);
      expect(explanation.top_reasons).toHaveLength(10);
    }
  });

  it('names row and field of what the table does not allow', async () => {
    const { tenure: _, ...withoutTenure } = aCustomer();
    const bad = [aCustomer(), withoutTenure, aCustomer({ Contract: 'Weekly', tenure: -1, Colour: 'red' })];

    const { status, body } = await churn({ instances: bad });

    expect([status, body.code]).toEqual([422, 'invalid-instances']);
    expect(body.errors).toEqual([
      { pointer: 'instances/1/tenure', detail: expect.stringContaining('missing') },
      { pointer: 'instances/2/tenure', detail: '-1 is too small; the minimum is 0' },
      { pointer: 'instances/2/Contract', detail: expect.stringContaining("unknown category 'Weekly'") },
      { pointer: 'instances/2/Colour', detail: 'unknown column' },
    ]);
  });

  it('lists a hundred errors at most, and counts them all', async () => {
    const { body } = await churn({ instances: Array.from({ length: 150 }, () => aCustomer({ tenure: 'long' })) });

    expect(body.errors).toHaveLength(100);
    expect(body.detail).toContain('150 values');
  });

  it('warns where the table forgives', async () => {
    const { status, body } = await churn({ instances: [aCustomer(), aCustomer({ PaymentMethod: 'Cash' })] });

    expect([status, body.warnings]).toEqual([
      200,
      [{ index: 1, column: 'PaymentMethod', detail: expect.stringContaining("'Cash'") }],
    ]);
  });

  it('takes a thousand rows, and no more', async () => {
    const rows = (count: number) => Array.from({ length: count }, () => aCustomer());

    const [enough, tooMany] = [
      await churn({ instances: rows(1000) }, '&explain=true'),
      await churn({ instances: rows(1001) }),
    ];

    expect([enough.status, enough.body.predictions.length]).toEqual([200, 1000]);
    expect([tooMany.status, tooMany.body.code]).toEqual([400, 'invalid-request']);
  });

  it.each([
    ['no rows', { instances: [] }, 400, 'invalid-request'],
    ['rows that are none', { instances: [3] }, 400, 'invalid-request'],
    ['an image', { image_base64: '/9j/4AAQ' }, 422, 'wrong-task'],
  ])('refuses %s', async (_, body, status, code) => {
    const answer = await churn(body);

    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('refuses the bytes of a photo, and a model of photos refuses rows', async () => {
    const answers = [
      await predictBytes(ani, await example('three.jpg'), '?model=churn'),
      await predictJson(ani, { instances: [aCustomer()] }, '?model=signs'),
    ];

    expect(answers.map(({ status, body }) => [status, body.code, body.detail])).toEqual([
      [422, 'wrong-task', '\'churn\' takes rows of a table, as JSON with "instances", and no image'],
      [422, 'wrong-task', "'signs' takes an image, and no rows of a table"],
    ]);
  });

  it('leaves a line in the history for each row, which no other tenant sees', async () => {
    const { body } = await churn({ instances: [aCustomer({ customerID: 'mine' })] });
    const [{ prediction_id }] = body.predictions;
    const path = `/v1/history/${prediction_id}`;

    const [mine, chiefs, strange] = await Promise.all([ani, chief, stranger].map((token) => call(path, { token })));

    expect(mine!.body).toMatchObject({
      model: 'churn',
      instance: { customerID: 'mine' },
      segment: body.predictions[0].segment,
    });
    expect(mine!.body).not.toHaveProperty('image');
    expect(chiefs!.body).toEqual(mine!.body);
    expect([strange!.status, strange!.body.code]).toEqual([404, 'prediction-not-found']);
  });

  it('counts each row as a prediction of the day, once, and none of what was refused', async () => {
    const own = `${tenant}-q`;
    const [user, admin] = await Promise.all([tokenOfNewUser(own), tokenOfNewUser(own, 'admin')]);
    await churn({ instances }, '', user.access);
    await churn({ instances: [aCustomer({ tenure: -1 }), aCustomer()] }, '', user.access);
    await predictJson(user.access, { instances: [aCustomer(), aCustomer()] }, '?model=signs');

    const { body } = await call('/v1/usage', { token: admin.access });

    expect(body.days.at(-1).predictions).toBe(instances.length);
  });

  it('shows what its rows may hold, as a version', async () => {
    const { body } = await call('/v1/models/current?model=churn', { token: ani });

    expect(body).toMatchObject({
      task: 'tabular-classification',
      labels: ['No', 'Yes'],
      table: { id_column: 'customerID' },
    });
  });
});

it('the shipped request is answered', async () => {
  const { status, body } = await churn(JSON.parse(await readFile(churnFile('examples/request.json'), 'utf8')));

  expect([status, body.predictions.length]).toEqual([200, 2]);
});
