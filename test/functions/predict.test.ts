import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { anHttpEvent } from '../support/http-event.ts';
import { projectRoot } from '../support/shared-data.ts';

const photo = await readFile(join(projectRoot, 'models/signs/examples/three.jpg'));
const event = anHttpEvent({
  routeKey: 'POST /v1/predict',
  query: { model: 'signs', top_k: '1' },
  headers: { 'content-type': 'image/jpeg' },
  body: photo,
});

describe('the predict function', () => {
  beforeAll(async () => {
    await useEnvironmentOf('predict');
  });

  it('answers a photo with its label and keeps it', async () => {
    const { handler } = await import('../../functions/predict/handler.ts');

    const answer = await handler(event);

    expect(answer.statusCode).toBe(200);
    expect(JSON.parse(answer.body!)).toMatchObject({ model: 'signs', predictions: [{ label: '3' }] });
  });

  it('answers 503 without detail when the history cannot be written, and logs why', async () => {
    vi.resetModules();
    await useEnvironmentOf('predict', { HISTORY_TABLE: 'no-such-table' });
    const lines: string[] = [];
    const write = vi.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
    const { handler } = await import('../../functions/predict/handler.ts');

    const answer = await handler(event);
    write.mockRestore();

    const body = JSON.parse(answer.body!);
    expect([answer.statusCode, body.code, body.detail]).toEqual([503, 'store-unavailable', undefined]);
    expect(lines.join('')).toContain('ResourceNotFoundException');
  });

  it('is not ready when a store does not answer, and says which', async () => {
    const { handler } = await import('../../functions/predict/handler.ts');

    const answer = await handler(anHttpEvent({ routeKey: 'GET /health/ready', claims: null }));

    const failing = JSON.parse(answer.body!).checks.filter(({ ok }: { ok: boolean }) => !ok);
    expect([answer.statusCode, failing.map(({ name }: { name: string }) => name)]).toEqual([503, ['history']]);
  });

  it('does not start with an incomplete environment', async () => {
    vi.resetModules();
    delete process.env.CAPTURE_QUEUE_URL;

    await expect(import('../../functions/predict/handler.ts')).rejects.toThrow(
      /'predict' is incomplete: CAPTURE_QUEUE_URL/,
    );
  });
});
