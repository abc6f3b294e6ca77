import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { tokenOfNewUser } from '../support/api.ts';
import { goldenOnnx } from '../support/golden-onnx.ts';
import { colourClassifier } from '../support/onnx-file.ts';
import { askToRegister, register, signsFiles, turnedSigns, uploadVersion } from '../support/registration.ts';
import { projectRoot } from '../support/shared-data.ts';
import { askForForms } from '../support/uploads.ts';

const tenant = `r-${crypto.randomUUID().slice(0, 8)}`;
let admin: string;
let user: string;
let stranger: string;

beforeAll(async () => {
  const tokens = await Promise.all([
    tokenOfNewUser(tenant, 'admin'),
    tokenOfNewUser(tenant),
    tokenOfNewUser(`${tenant}-x`, 'admin'),
  ]);
  [admin, user, stranger] = tokens.map(({ access }) => access) as [string, string, string];
});

const weights = readFileSync(join(projectRoot, 'models/signs/model.onnx'));
const readJson = (name: string) => JSON.parse(readFileSync(join(projectRoot, 'models/signs', name), 'utf8'));
const manifest = readJson('model.json');
const golden = readJson('golden.json');
const asJson = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));

/** The golden cases, each with an answer that no model of these weights gives. */
const otherGolden = {
  ...golden,
  tensor_cases: golden.tensor_cases.map((known: { logits: number[] }) => ({
    ...known,
    logits: known.logits.map((logit) => logit + 1),
  })),
};

/** Some of the weights are all ones, which as floats are no numbers. */
const broken = Buffer.from(weights).fill(0xff, 300_000, 304_096);

describe('an upload of a model', () => {
  it('becomes the next version, with the hash of what was uploaded and a card', async () => {
    const { status, headers, body } = await register(admin, turnedSigns(1));

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/models/signs/versions/${body.model_version}`);
    expect(body).toMatchObject({ model: 'signs', model_version: '2', lineage: { origin: 'registered' }, aliases: [] });
    expect(body.card).toContain('# signs, version 2');
  });

  it.each<[string, Parameters<typeof signsFiles>[0], RegExp]>([
    [
      'that is cut off',
      { weights: weights.subarray(0, weights.length / 2) },
      /a field has 632718 bytes where \d+ are left/,
    ],
    ['that is no ONNX', { weights: Buffer.from('not a model') }, /wire type/],
    [
      'whose values were changed on the way',
      { weights: broken },
      /golden case 'tensor 7919, 0, 256, 255' is Infinity off/,
    ],
    [
      'of another signature',
      { weights: colourClassifier() },
      /'pixel_values' of 'signs' is FP32 \[-1, 3, 8, 8\]; its manifest says FP32 \[-1, 3, 64, 64\]/,
    ],
    ['with operators of its own', { weights: goldenOnnx('with_function') }, /operators of own/],
    ['whose values lie in another file', { weights: goldenOnnx('with_external_data') }, /another file/],
    ['whose constants lie in another file', { weights: goldenOnnx('with_external_constant') }, /another file/],
    [
      'that answers its golden cases otherwise',
      { golden: asJson(otherGolden) },
      /golden case 'tensor 7919, 0, 256, 255' is 1\.00000\d+ off/,
    ],
    ['without a golden case', { golden: asJson({ ...golden, tensor_cases: [] }) }, /no tensor case/],
    ['with a manifest of another name', { manifest: { ...manifest, name: 'digits' } }, /calls it 'digits'/],
    ['with other labels', { manifest: { ...manifest, labels: ['a', 'b'] } }, /labels are not those of the champion/],
    ['whose manifest is none', { manifest: { name: 'signs' } }, /expected/i],
  ])('%s is refused, with the reason', async (_, changes, reason) => {
    const { status, body } = await register(admin, signsFiles(changes));

    expect([status, body.code]).toEqual([422, 'model-refused']);
    expect(body.errors.map(({ detail }: { detail: string }) => detail).join('; ')).toMatch(reason);
  });

  it('that was refused leaves the aliases and the versions as they were', async () => {
    const good = await register(admin, turnedSigns(2));
    await register(admin, signsFiles({ weights: broken }));

    const next = await register(admin, turnedSigns(3));

    expect(Number(next.body.model_version)).toBe(Number(good.body.model_version) + 1);
  });

  it('of another tenant is not for this one', async () => {
    const request = await uploadVersion(stranger, signsFiles());

    const { status, body } = await askToRegister(admin, request);

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });

  it('that was never made is not found', async () => {
    const request = await uploadVersion(admin, signsFiles());

    const { status, body } = await askToRegister(admin, { ...request, weights: `${request.weights}-gone` });

    expect([status, body.code]).toEqual([422, 'source-not-found']);
  });

  it('is for admins: a user gets neither a form for weights nor a registration', async () => {
    const request = await uploadVersion(admin, signsFiles());

    const form = await askForForms(user, { media_type: 'application/octet-stream' });
    const registered = await askToRegister(user, request);

    expect([form.status, registered.status]).toEqual([403, 403]);
  });
});
