import type { Run } from '@kilat/contracts';
import { call } from './api.ts';
import { eventually } from './eventually.ts';

export const train = (token: string, model: string, request: object = {}) =>
  call(`/v1/models/${model}/train`, {
    token,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(request),
  });

/** Waits for the end of a run. */
export const trained = (token: string, runId: string): Promise<Run> =>
  eventually(async () => {
    const { body } = await call(`/v1/runs/${runId}`, { token });
    return body.state === 'queued' || body.state === 'running' ? undefined : (body as Run);
  }, 110_000);

/** Trains a model and waits for the end. */
export async function trainedModel(token: string, model: string, request: object): Promise<Run> {
  const { status, body } = await train(token, model, request);
  if (status !== 202) throw new Error(`not taken on: ${JSON.stringify(body)}`);
  return trained(token, body.run_id);
}
