import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, predictJson, tokenOfNewUser } from '../support/api.ts';
import { churnCases, churnFile, churnGolden } from '../support/churn.ts';
import { putInbox } from '../support/jobs.ts';

const tenant = `r-${crypto.randomUUID().slice(0, 8)}`;
const folder = `uploads/${tenant}/files`;

let chief: string;
let manifest: Record<string, unknown>;

beforeAll(async () => {
  chief = (await tokenOfNewUser(tenant, 'admin')).access;
  manifest = JSON.parse(await readFile(churnFile('model.json'), 'utf8'));
  await putInbox(`${folder}/model.onnx`, await readFile(churnFile('model.onnx')));
  await putInbox(`${folder}/explainer.json`, await readFile(churnFile('explainer.json')));
  await putInbox(`${folder}/golden.json`, JSON.stringify(churnGolden));
  await putInbox(`${folder}/other.json`, '{}');
});

/** Registers the shipped files under another name, with what matters to a test. */
async function register(parts: { readonly golden?: object; readonly files?: object; readonly manifest?: object } = {}) {
  await putInbox(`${folder}/model.json`, JSON.stringify({ ...manifest, name: 'leavers', ...parts.manifest }));
  if (parts.golden) await putInbox(`${folder}/golden-of-test.json`, JSON.stringify(parts.golden));
  return call('/v1/models/leavers/register', {
    token: chief,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      weights: `${folder}/model.onnx`,
      manifest: `${folder}/model.json`,
      golden: parts.golden ? `${folder}/golden-of-test.json` : `${folder}/golden.json`,
      files: parts.files ?? { 'explainer.json': `${folder}/explainer.json` },
    }),
  });
}

describe('registering a tabular model', () => {
  it.each([
    ['without its explainer', { files: {} }, 'explainer.json'],
    ['with another explainer', { files: { 'explainer.json': `${folder}/other.json` } }, 'sha256'],
    ['without a case', { golden: {} }, 'no instance case'],
    [
      'whose cases have other answers',
      { golden: { instance_cases: [{ ...churnCases[0]!, probability: 0.999 }] } },
      "golden case 'instance 0'",
    ],
  ])('%s is refused', async (_, parts, reason) => {
    const { status, body } = await register(parts);

    expect([status, body.code]).toEqual([422, 'model-refused']);
    expect(body.detail).toContain(reason);
  });

  it('makes a version that answers rows, and explains them', async () => {
    const { status, body } = await register();
    const answer = await predictJson(
      chief,
      { instances: churnCases.map(({ instance }) => instance) },
      '?model=leavers&explain=true',
    );

    expect([status, body.task, answer.status, answer.body.model_version]).toEqual([
      201,
      'tabular-classification',
      200,
      '1',
    ]);
    const found = answer.body.predictions.map(({ probability }: { probability: number }) => probability);
    const deviations = found.map((value: number, index: number) => Math.abs(value - churnCases[index]!.probability));
    expect(Math.max(...deviations)).toBeLessThanOrEqual(1e-5);
    expect(answer.body.predictions[0].explanation.top_reasons).toHaveLength(10);
  });
});
