import type { PredictionCaptured, ShadowMessage } from '@kilat/contracts';
import {
  type ImageClassifier,
  type PredictPorts,
  type PredictRequest,
  predict,
  StoreUnavailableError,
} from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aManifest } from '../support/prediction.ts';

/** The example of RFC 9562, appendix A.6: made at 2022-02-22T19:22:22Z. */
const PREDICTION_ID = '017f22e2-79b0-7cc3-98c4-dc0c0c07398f';
const identity = { tenantId: 'demo', userId: 'u1', isAdmin: false };
const photo = { bytes: new Uint8Array([1, 2, 3]), mediaType: 'image/png' as const };

/** Logits ln 1 and ln 3: by the definition of softmax the shares are 1/4 and 3/4. */
const model: ImageClassifier = {
  manifest: aManifest(),
  run: async () => ({ logits: Float32Array.of(Math.log(1), Math.log(3)) }),
};

const served = { model, version: '1', alias: 'champion' } as const;

function aRequest(parts: Partial<PredictRequest> = {}): PredictRequest {
  return { identity, requestId: 'req-1', source: 'api', served, topK: 2, photo, ...parts };
}

function worldWith(parts: Partial<PredictPorts> = {}) {
  const stored: Record<string, unknown> = {};
  const messages: PredictionCaptured[] = [];
  const copies: ShadowMessage[] = [];
  const lost: unknown[] = [];
  let milliseconds = 0;
  const ports: PredictPorts = {
    timer: () => milliseconds++,
    newPredictionId: () => PREDICTION_ID,
    openImage: async () => ({ size: { width: 20, height: 10 }, pixels: async () => new Uint8Array(12) }),
    photos: {
      keyOf: ({ tenantId, userId }, id) => `${tenantId}/${userId}/${id}`,
      put: async (key, { bytes }) => void Object.assign(stored, { [key]: bytes }),
      check: async () => {},
    },
    history: {
      put: async (history) => void Object.assign(stored, { history }),
      putAll: async () => {},
      select: async () => ({ records: [] }),
      find: async () => undefined,
      check: async () => {},
    },
    capture: { send: async (captured) => void messages.push(...captured), check: async () => {} },
    shadows: { send: async (message) => void copies.push(message), onLost: (error) => void lost.push(error) },
    ...parts,
  };
  return { ports, stored, messages, copies, lost };
}

describe('predict', () => {
  it('answers with the labels, the most confident first', async () => {
    const { ports } = worldWith();

    const { predictions } = await predict(ports, aRequest());

    expect(predictions).toEqual([
      { label: 'dog', confidence: expect.closeTo(0.75, 6) },
      { label: 'cat', confidence: expect.closeTo(0.25, 6) },
    ]);
  });

  it('keeps the photo under the tenant and the user', async () => {
    const { ports, stored } = worldWith();

    await predict(ports, aRequest());

    expect(stored[`demo/u1/${PREDICTION_ID}`]).toBe(photo.bytes);
  });

  it('keeps who asked, what answered and what was seen', async () => {
    const { ports, stored } = worldWith();

    await predict(ports, aRequest({ topK: 1 }));

    expect(stored.history).toMatchObject({
      tenantId: 'demo',
      record: {
        prediction_id: PREDICTION_ID,
        request_id: 'req-1',
        user_id: 'u1',
        model: 'tiny',
        model_version: '1',
        label: 'dog',
        source: 'api',
        image: { media_type: 'image/png', width_px: 20, height_px: 10, bytes: 3 },
        created_at: '2022-02-22T19:22:22.000Z',
      },
    });
  });

  it('captures one message that names the tenant and the photo', async () => {
    const { ports, messages } = worldWith();

    await predict(ports, aRequest());

    expect(messages).toHaveLength(1);
    expect(messages[0]).toMatchObject({ tenant_id: 'demo', photo_key: `demo/u1/${PREDICTION_ID}`, label: 'dog' });
  });

  it('refuses when something is not kept, and names every failure', async () => {
    const { ports, messages } = worldWith();
    const photos = { ...ports.photos, put: () => Promise.reject(new Error('S3 is away')) };
    const history = { ...ports.history, put: () => Promise.reject(new Error('DynamoDB is away')) };

    const refusal = await predict({ ...ports, photos, history }, aRequest()).catch((error: unknown) => error);

    expect(refusal).toBeInstanceOf(StoreUnavailableError);
    expect((refusal as Error).message).toMatch(/photo \(Error: S3 is away\), history \(Error: DynamoDB is away\)$/);
    expect(((refusal as Error).cause as AggregateError).errors).toEqual([
      new Error('S3 is away'),
      new Error('DynamoDB is away'),
    ]);
    expect(messages).toHaveLength(1);
  });

  it('stores nothing of an image that cannot be read', async () => {
    const { ports, stored, messages } = worldWith({ openImage: () => Promise.reject(new Error('broken')) });

    await expect(predict(ports, aRequest())).rejects.toThrow('broken');

    expect([stored, messages]).toEqual([{}, []]);
  });

  it('keeps nothing before the caller is admitted, and decodes meanwhile', async () => {
    const decoded: string[] = [];
    const { ports, stored } = worldWith();
    const openImage = async (...photo: Parameters<PredictPorts['openImage']>) => {
      decoded.push('decoded');
      return ports.openImage(...photo);
    };
    const { promise: admitted, resolve: admit } = Promise.withResolvers<void>();

    const prediction = predict({ ...ports, openImage }, aRequest({ admitted }));
    await new Promise((resolve) => setTimeout(resolve, 10));
    const meanwhile = [decoded.length, Object.keys(stored).length];
    admit();
    await prediction;

    expect(meanwhile).toEqual([1, 0]);
    expect(stored).toHaveProperty('history');
  });

  it('keeps nothing of a caller who is not admitted', async () => {
    const { ports, stored, messages } = worldWith();
    const admitted = Promise.reject(new Error('too many'));

    await expect(predict(ports, aRequest({ admitted }))).rejects.toThrow('too many');

    expect([stored, messages]).toEqual([{}, []]);
  });

  it('sends a copy to the version in the shadow, with what was answered', async () => {
    const { ports, copies, messages } = worldWith();

    const answer = await predict(ports, aRequest({ served: { ...served, shadow: '2' } }));

    expect(copies).toEqual([
      {
        tenant_id: 'demo',
        shadow_version: '2',
        photo_key: `demo/u1/${PREDICTION_ID}`,
        answered: [expect.objectContaining({ prediction_id: PREDICTION_ID, model_version: '1', label: 'dog' })],
      },
    ]);
    expect(answer.model_version).toBe('1');
    expect(messages.map(({ alias }) => alias)).toEqual(['champion']);
  });

  it('answers as ever when the copy for the shadow is lost', async () => {
    const shadows = {
      send: () => Promise.reject(new Error('SQS is away')),
      onLost: (error: unknown) => lost.push(error),
    };
    const lost: unknown[] = [];
    const { ports } = worldWith({ shadows });

    const { predictions } = await predict(ports, aRequest({ served: { ...served, shadow: '2' } }));

    expect(predictions[0]!.label).toBe('dog');
    expect(lost).toEqual([new Error('SQS is away')]);
  });
});
