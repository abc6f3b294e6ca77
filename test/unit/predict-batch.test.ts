import { type BatchItem, type BatchPorts, batchPredict, type ImageClassifier, type InputTensor } from '@kilat/core';
import { describe, expect, it } from 'vitest';
import { aManifest } from '../support/prediction.ts';

/** Logits ln 1 and ln 3 for every image: by the definition of softmax the shares are 1/4 and 3/4. */
function aModel(batch: number, seen: InputTensor[] = []): ImageClassifier {
  return {
    manifest: aManifest({
      signature: {
        inputs: [{ name: 'pixels', datatype: 'FP32', shape: [batch, 3, 2, 2] }],
        outputs: [{ name: 'logits', datatype: 'FP32', shape: [batch, 2] }],
      },
    }),
    async run(tensor) {
      seen.push(tensor);
      const logits = Array.from({ length: tensor.shape[0]! }, () => [Math.log(1), Math.log(3)]).flat();
      return { logits: Float32Array.from(logits) };
    },
  };
}

function worldWith(model: ImageClassifier, parts: Partial<BatchPorts> = {}) {
  const kept: string[] = [];
  const keep = async (record: { prediction_id: string }) => void kept.push(record.prediction_id);
  const ports: BatchPorts = {
    findModel: async () => ({ model, version: '1', alias: 'champion' }),
    openImage: async () => ({ size: { width: 2, height: 2 }, pixels: async () => new Uint8Array(12) }),
    photos: { keyOf: (_, id) => id, put: async () => {}, check: async () => {} },
    history: {
      put: ({ record }) => keep(record),
      putAll: async () => {},
      select: async () => ({ records: [] }),
      find: async () => undefined,
      check: async () => {},
    },
    capture: { send: async () => {}, check: async () => {} },
    ...parts,
  };
  return { predict: batchPredict(ports), kept };
}

const anItem = (index: number, parts: Partial<BatchItem> = {}): BatchItem => ({
  predictionId: `017f22e2-79b0-7cc3-98c4-${String(index).padStart(12, '0')}`,
  identity: { tenantId: 'acme', userId: 'u1' },
  requestId: 'req-1',
  source: 'batch',
  modelName: 'tiny',
  topK: 1,
  photo: async () => ({ bytes: new Uint8Array([index]), mediaType: 'image/png' }),
  ...parts,
});

const many = (count: number): BatchItem[] => Array.from({ length: count }, (_, index) => anItem(index));

describe('predicting many', () => {
  it('answers each with its own prediction, and keeps each once', async () => {
    const { predict, kept } = worldWith(aModel(-1));

    const records = await Promise.all(many(21).map(predict));

    expect(records.map(({ prediction_id }) => prediction_id)).toEqual(many(21).map(({ predictionId }) => predictionId));
    expect(records[20]).toMatchObject({ label: 'dog', confidence: 0.75, source: 'batch' });
    expect(kept).toHaveLength(21);
  });

  it('runs four images at a time where the signature leaves the batch free', async () => {
    const seen: InputTensor[] = [];
    const { predict } = worldWith(aModel(-1, seen));

    await Promise.all(many(10).map(predict));

    expect(seen.reduce((sum, { shape }) => sum + shape[0]!, 0)).toBe(10);
    expect(Math.max(...seen.map(({ shape }) => shape[0]!))).toBe(4);
  });

  it('runs one image at a time where the signature says one', async () => {
    const seen: InputTensor[] = [];
    const { predict } = worldWith(aModel(1, seen));

    await Promise.all(many(3).map(predict));

    expect(seen.map(({ shape }) => shape)).toEqual(Array(3).fill([1, 3, 2, 2]));
  });

  it('decodes the next photos while the model runs the last ones', async () => {
    const order: string[] = [];
    const model: ImageClassifier = {
      ...aModel(-1),
      async run(tensor) {
        order.push('run begins');
        await new Promise((resolve) => setTimeout(resolve, 10));
        order.push('run ends');
        return aModel(-1).run(tensor);
      },
    };
    const photo = async () => {
      order.push('photo');
      return { bytes: new Uint8Array(1), mediaType: 'image/png' as const };
    };
    const { predict } = worldWith(model);

    await Promise.all(Array.from({ length: 24 }, (_, index) => predict(anItem(index, { photo }))));

    expect(order.slice(0, order.indexOf('run ends')).filter((step) => step === 'photo').length).toBeGreaterThan(8);
  });

  it('has a bounded number of photos in hand, however many wait', async () => {
    let inHand = 0;
    let most = 0;
    const { predict } = worldWith(aModel(-1));
    const photo = async () => {
      most = Math.max(most, ++inHand);
      return { bytes: new Uint8Array(1), mediaType: 'image/png' as const };
    };

    await Promise.all(
      Array.from({ length: 500 }, (_, index) => predict(anItem(index, { photo })).then(() => inHand--)),
    );

    expect(most).toBeLessThanOrEqual(32);
  });

  it('tells one of a broken photo, and leaves the others alone', async () => {
    const { predict } = worldWith(aModel(-1));
    const broken = anItem(1, { photo: () => Promise.reject(new Error('broken')) });

    const outcomes = await Promise.allSettled([anItem(0), broken, anItem(2)].map(predict));

    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  });

  it('goes on after a group in which nothing could be decoded', async () => {
    const { predict } = worldWith(aModel(-1));
    const broken = Array.from({ length: 16 }, (_, index) =>
      anItem(index, { photo: () => Promise.reject(new Error('broken')) }),
    );

    const outcomes = await Promise.allSettled([...broken, anItem(16)].map(predict));

    expect(outcomes.at(-1)!.status).toBe('fulfilled');
  });

  it('tells those in a run that failed, and works on', async () => {
    let runs = 0;
    const model = aModel(-1);
    const flaky: ImageClassifier = {
      ...model,
      run: (tensor) => (runs++ === 0 ? Promise.reject(new Error('out of memory')) : model.run(tensor)),
    };
    const { predict } = worldWith(flaky);

    await expect(predict(anItem(0))).rejects.toThrow('out of memory');
    expect((await predict(anItem(1))).label).toBe('dog');
  });

  it('rejects what a store did not keep', async () => {
    const capture = { send: () => Promise.reject(new Error('SQS is away')), check: async () => {} };
    const { predict } = worldWith(aModel(-1), { capture });

    await expect(predict(anItem(0))).rejects.toMatchObject({ code: 'store-unavailable' });
  });
});
