import type { Instance, PredictionCaptured, ShadowMessage } from '@kilat/contracts';
import {
  answerInShadow,
  type BatchAnswer,
  type InstancePorts,
  type InstancesToPredict,
  instanceBatchPredict,
  messagePortions,
  PlatformError,
  predictInstances,
  type ShadowPorts,
  type StoredPrediction,
} from '@kilat/core';
import { v7 } from 'uuid';
import { describe, expect, it } from 'vitest';
import { aTabularClassifier, aTabularManifest } from '../support/tabular.ts';

const identity = { tenantId: 'acme', userId: 'u1', isAdmin: false };
const served = { model: aTabularClassifier(), version: '1', alias: 'challenger' } as const;

function aWorld(parts: Partial<InstancePorts> = {}) {
  const stored: StoredPrediction[] = [];
  const messages: PredictionCaptured[][] = [];
  const copies: ShadowMessage[] = [];
  const ports: InstancePorts = {
    newPredictionId: () => v7(),
    timer: () => 0,
    history: {
      put: async () => {},
      putAll: async (predictions) => void stored.push(...predictions),
      select: async () => ({ records: [] }),
      find: async () => undefined,
      check: async () => {},
    },
    capture: { send: async (predictions) => void messages.push([...predictions]), check: async () => {} },
    shadows: { send: async (copy) => void copies.push(copy), onLost: () => {} },
    ...parts,
  };
  return { ports, stored, messages, copies };
}

const aRequest = (parts: Partial<InstancesToPredict> = {}): InstancesToPredict => ({
  identity,
  requestId: 'req-1',
  source: 'api',
  served,
  instances: [
    { id: 'a', months: 0, plan: 'basic' },
    { id: 'b', months: 30, plan: 'gold' },
  ],
  explain: false,
  ...parts,
});

describe('rows that are predicted', () => {
  it('are kept each under an id of its own, and captured together with who answered', async () => {
    const { ports, stored, messages } = aWorld();

    const { predictions } = await predictInstances(ports, aRequest());

    expect(predictions.map(({ id, label }) => [id, label])).toEqual([
      ['a', 'yes'],
      ['b', 'no'],
    ]);
    expect(stored.map(({ record }) => record.prediction_id)).toEqual(
      predictions.map(({ prediction_id }) => prediction_id),
    );
    expect(messages.map((message) => message.map(({ alias, tenant_id }) => [alias, tenant_id]))).toEqual([
      [
        ['challenger', 'acme'],
        ['challenger', 'acme'],
      ],
    ]);
  });

  it('keep the row as it was sent, and the confidence of their label', async () => {
    const { ports, stored } = aWorld();

    await predictInstances(ports, aRequest({ instances: [{ id: 'b', months: 30, plan: 'gold' }] }));

    // log-odds of -2 are 0.119203, by the logistic function
    expect(stored[0]!.record).toMatchObject({
      label: 'no',
      confidence: expect.closeTo(0.880797, 6),
      predictions: [
        { label: 'no', confidence: expect.closeTo(0.880797, 6) },
        { label: 'yes', confidence: expect.closeTo(0.119203, 6) },
      ],
      segment: 'low',
      instance: { id: 'b', months: 30, plan: 'gold' },
    });
  });

  it('are kept not at all where one is refused, or the quota', async () => {
    const { ports, stored, messages } = aWorld();
    const bad = aRequest({
      instances: [
        { months: 1, plan: 'gold' },
        { months: -1, plan: 'gold' },
      ],
    });
    const beyond = aRequest({ admitted: Promise.reject(new Error('too many')) });

    await expect(predictInstances(ports, bad)).rejects.toMatchObject({ code: 'invalid-instances' });
    await expect(predictInstances(ports, beyond)).rejects.toThrow('too many');

    expect([stored, messages]).toEqual([[], []]);
  });

  it('are an outage where one store fails', async () => {
    const { ports } = aWorld({
      capture: { send: async () => Promise.reject(new Error('away')), check: async () => {} },
    });

    await expect(predictInstances(ports, aRequest())).rejects.toMatchObject({ code: 'store-unavailable' });
  });

  it('go to the shadow as they were answered, which answers them again for comparison alone', async () => {
    const { ports, copies } = aWorld();
    await predictInstances(ports, aRequest({ served: { ...served, shadow: '2' } }));
    const shadow = aWorld();
    const rival = aTabularClassifier(
      aTabularManifest({
        version: '2',
        postprocessing: { decision_threshold: 0.1, segments: { medium: 0.3, high: 0.7 } },
      }),
    );
    const shadowPorts = { openVersion: async () => rival, capture: shadow.ports.capture } as unknown as ShadowPorts;

    for (const copy of copies) await answerInShadow(shadowPorts, copy);

    const captured = shadow.messages.flat();
    expect(
      captured.map(({ alias, model_version, label, answered_label }) => [alias, model_version, label, answered_label]),
    ).toEqual([
      ['shadow', '2', 'yes', 'yes'],
      ['shadow', '2', 'yes', 'no'],
    ]);
    expect(captured.map(({ prediction_id }) => prediction_id)).toEqual(
      copies[0]!.answered.map(({ prediction_id }) => prediction_id),
    );
  });
});

describe('rows for which nobody waits', () => {
  const text = (months: string): Record<string, string> => ({ id: '7', months, plan: 'gold' });

  it('get types by the table, and are refused one by one', async () => {
    const { ports, stored } = aWorld();
    const predict = instanceBatchPredict({ ...ports, findModel: async () => served });
    const rows = [
      { predictionId: v7(), texts: text('30') },
      { predictionId: v7(), texts: text('many') },
      { predictionId: v7(), instance: { months: 0, plan: 'basic' } as Instance },
    ];

    const [first, second, third] = await predict({
      identity,
      requestId: 'req-1',
      source: 'batch',
      modelName: 'leavers',
      explain: false,
      rows,
    });

    expect(first as BatchAnswer).toMatchObject({
      id: '7',
      label: 'no',
      record: { prediction_id: rows[0]!.predictionId },
    });
    expect(second).toBeInstanceOf(PlatformError);
    expect((third as BatchAnswer).label).toBe('yes');
    expect(stored.map(({ record }) => record.prediction_id)).toEqual([rows[0]!.predictionId, rows[2]!.predictionId]);
  });
});

describe('portions of a message', () => {
  it('hold as much as fits, counted in bytes', () => {
    // '"ää"' is 6 bytes and a comma
    expect(messagePortions(['ää', 'ää', 'ää'], 14)).toEqual([['ää', 'ää'], ['ää']]);
  });

  it('of what is too long hold it alone', () => {
    expect(messagePortions(['a', 'much too long', 'b'], 10)).toEqual([['a'], ['much too long'], ['b']]);
  });

  it('of nothing are none', () => {
    expect(messagePortions([])).toEqual([]);
  });
});
