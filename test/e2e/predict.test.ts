import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { openApiDocument } from '@kilat/contracts';
import { beforeAll, describe, expect, it } from 'vitest';
import { apiUrl, call, example, predictBytes, predictJson, tokenOf } from '../support/api.ts';
import { hasSharedData, projectRoot, sharedPath } from '../support/shared-data.ts';

let token: string;
beforeAll(async () => {
  token = await tokenOf('user');
});

const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const examples = await readdir(`${projectRoot}/models/signs/examples`);

describe('POST /v1/predict', () => {
  it.each(examples)('recognises the shipped example %s', async (file) => {
    const { status, body } = await predictBytes(token, await example(file), '?model=signs');

    expect([status, body.predictions[0].label]).toEqual([200, String(digits.indexOf(basename(file).split('.')[0]!))]);
  });

  it('answers with ids, the model’s version, the labels asked for and where the time went', async () => {
    const { body } = await predictBytes(token, await example('three.jpg'), '?model=signs&top_k=3', {
      'x-request-id': 'e2e-request',
    });

    expect(body).toEqual({
      prediction_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
      request_id: 'e2e-request',
      model: 'signs',
      model_version: '1',
      predictions: [
        { label: '3', confidence: expect.any(Number) },
        { label: expect.any(String), confidence: expect.any(Number) },
        { label: expect.any(String), confidence: expect.any(Number) },
      ],
      latency_ms: {
        decode: expect.any(Number),
        preprocess: expect.any(Number),
        inference: expect.any(Number),
        store: expect.any(Number),
        total: expect.any(Number),
      },
    });
    const confidences = body.predictions.map((prediction: { confidence: number }) => prediction.confidence);
    expect(confidences).toEqual([...confidences].sort((a, b) => b - a));
    expect(confidences.every((confidence: number) => confidence >= 0 && confidence <= 1)).toBe(true);
  });

  it('answers the same to a form, to raw bytes and to base64', async () => {
    const photo = await example('five.jpg');
    const form = new FormData();
    form.set('image', new File([new Uint8Array(photo)], 'five.jpg', { type: 'image/jpeg' }));

    const answers = [
      await call('/v1/predict', { token, method: 'POST', body: form }),
      await predictBytes(token, photo),
      await predictJson(token, { image_base64: photo.toString('base64') }),
    ];

    const [first, ...rest] = answers.map(({ body }) => body.predictions);
    expect(rest).toEqual([first, first]);
  });

  it.runIf(hasSharedData)('classifies real photos with MobileNetV2', async () => {
    const photos = [
      ['n02007558_flamingo.JPEG', 'flamingo'],
      ['n02088094_Afghan_hound.JPEG', 'Afghan hound'],
      ['n02948072_candle.JPEG', 'candle'],
    ] as const;

    for (const [file, label] of photos) {
      const photo = await readFile(sharedPath('photos/imagenet100', file));
      const { status, body } = await predictBytes(token, new Uint8Array(photo), '?model=mobilenetv2');

      expect([status, body.predictions[0].label.split(',')[0]]).toEqual([200, label]);
    }
  });

  it.runIf(hasSharedData)('recognises real hands with signs', async () => {
    const photo = await readFile(sharedPath('data/signs/Dataset/5/IMG_1123.JPG'));

    const { body } = await predictBytes(token, new Uint8Array(photo), '?model=signs');

    expect(body.predictions[0].label).toBe('5');
  });
});

describe('the models', () => {
  it('are described with version, labels and measured accuracy', async () => {
    const { status, body } = await call('/v1/models/current?model=signs', { token });

    expect(status).toBe(200);
    expect(body).toMatchObject({
      model: 'signs',
      model_version: '1',
      aliases: ['champion'],
      task: 'image-classification',
    });
    expect(body.labels).toEqual(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
    expect(body.metrics.accuracy.value).toBeGreaterThan(0.9);
  });

  it('are listed with every version', async () => {
    const { body } = await call('/v1/models/versions', { token });

    expect(body.versions.map((version: { model: string }) => version.model)).toContain('signs');
  });

  it('that are unknown are refused with the names that are known', async () => {
    const { status, body } = await call('/v1/models/current?model=resnet', { token });

    expect([status, body.code]).toEqual([404, 'model-not-found']);
    expect(body.detail).toContain('signs');
  });
});

describe('the platform', () => {
  it('answers health without a token', async () => {
    expect((await call('/health')).body).toMatchObject({ status: 'ok', stage: 'local' });
    expect((await call('/health/live')).body).toEqual({ live: true });
  });

  it('is ready when its stores answer and its model runs', async () => {
    const { status, body } = await call('/health/ready');

    expect(status).toBe(200);
    expect(body.checks.map(({ name, ok }: { name: string; ok: boolean }) => [name, ok])).toEqual([
      ['photos', true],
      ['history', true],
      ['capture', true],
      ['model', true],
    ]);
  });

  it('describes itself in OpenAPI, under the address that was called', async () => {
    const { body } = await call('/openapi.json');

    expect(body.servers).toEqual([{ url: apiUrl }]);
    expect(Object.keys(body.paths)).toEqual(
      Object.keys(openApiDocument({ version: '0', serverUrl: apiUrl }).paths as object),
    );
  });
});
