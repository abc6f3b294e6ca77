import { PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { goldenOnnx } from '../support/golden-onnx.ts';
import { anHttpEvent, demoClaims } from '../support/http-event.ts';
import { s3 } from '../support/jobs.ts';
import { signsFiles, turnedSigns, type VersionFiles } from '../support/registration.ts';

const admin = () => ({ ...demoClaims, tenant_id: crypto.randomUUID(), 'cognito:groups': '[admin]' });

/** Puts the files where the tenant's uploads lie. @returns what to ask for their registration */
async function laid(tenantId: string, { weights, manifest, golden }: VersionFiles) {
  const folder = `uploads/${tenantId}/${crypto.randomUUID()}/`;
  const put = async (name: string, Body: Uint8Array | string) => {
    await s3.send(new PutObjectCommand({ Bucket: process.env.INBOX_BUCKET!, Key: folder + name, Body }));
    return folder + name;
  };
  return {
    weights: await put('model.onnx', weights),
    manifest: await put('model.json', JSON.stringify(manifest)),
    golden: await put('golden.json', golden),
  };
}

async function register(claims: Record<string, string>, body: unknown) {
  const { handler } = await import('../../functions/models/handler.ts');
  const answer = await handler(
    anHttpEvent({
      routeKey: 'POST /v1/models/{model}/register',
      params: { model: 'signs' },
      claims,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    }),
  );
  return { status: answer.statusCode, headers: answer.headers!, body: JSON.parse(answer.body!) };
}

describe('a registration', () => {
  beforeAll(() => useEnvironmentOf('models'));

  it('gives uploads the next number, once they have answered their golden cases', async () => {
    const claims = admin();

    const first = await register(claims, await laid(claims.tenant_id, turnedSigns(1)));
    const second = await register(claims, await laid(claims.tenant_id, turnedSigns(2)));

    expect([first.status, first.body.model_version]).toEqual([201, '2']);
    expect([second.status, second.body.model_version]).toEqual([201, '3']);
    expect(second.headers.location).toBe('/v1/models/signs/versions/3');
  });

  it('refuses what needs another file, with the reason at the weights', async () => {
    const claims = admin();
    const files = signsFiles({ weights: goldenOnnx('with_external_data') });

    const { status, body } = await register(claims, await laid(claims.tenant_id, files));

    expect([status, body.code]).toEqual([422, 'model-refused']);
    expect(body.errors).toEqual([
      { pointer: 'weights', detail: 'it keeps values in another file, which nobody may have opened here' },
    ]);
  });

  it("refuses another tenant's uploads", async () => {
    const request = await laid(admin().tenant_id, signsFiles());

    const { status, body } = await register(admin(), request);

    expect([status, body.code]).toEqual([403, 'forbidden']);
  });
});
