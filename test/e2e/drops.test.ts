import { GetObjectCommand, HeadObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { call, example, predictBytes, tokenOfNewUser } from '../support/api.ts';
import { eventually } from '../support/eventually.ts';
import { imagenetPhotos, predictedAlone } from '../support/imagenet.ts';
import { bucketNamed, putInbox, s3 } from '../support/jobs.ts';
import { hasSharedData } from '../support/shared-data.ts';

const tenant = `d-${crypto.randomUUID().slice(0, 8)}`;

let chief: string;
let stranger: string;
let photo: Buffer;
let Bucket: string;

beforeAll(async () => {
  const users = await Promise.all([tokenOfNewUser(tenant, 'admin'), tokenOfNewUser(`${tenant}-x`, 'admin')]);
  [chief, stranger] = users.map(({ access }) => access) as [string, string];
  [photo, Bucket] = await Promise.all([example('seven.jpg'), bucketNamed('inbox')]);
});

// biome-ignore lint/suspicious/noExplicitAny: what each case expects of the document is what it asserts
const documentAt = (Key: string): Promise<any> =>
  eventually(async () => {
    const object = await s3.send(new GetObjectCommand({ Bucket, Key })).catch(() => undefined);
    return object && JSON.parse(await object.Body!.transformToString());
  });

const isThere = (Key: string): Promise<boolean> =>
  s3.send(new HeadObjectCommand({ Bucket, Key })).then(
    () => true,
    () => false,
  );

describe('a photo that is dropped into the inbox', () => {
  it('is classified as the API classifies it, its result beside it', async () => {
    await putInbox(`inbox/${tenant}/signs/monday/Ein Photo + mehr.jpg`, photo);

    const result = await documentAt(`results/${tenant}/signs/monday/Ein Photo + mehr.jpg.json`);

    const { body } = await predictBytes(chief, new Uint8Array(photo), '?model=signs');
    expect(result).toMatchObject({ model: 'signs', label: '7', source: 's3' });
    expect(result.predictions).toEqual(body.predictions);
  });

  it('is in the history of its tenant, and of no other', async () => {
    await putInbox(`inbox/${tenant}/signs/seven.jpg`, photo);
    const { prediction_id } = await documentAt(`results/${tenant}/signs/seven.jpg.json`);

    const [own, strange] = await Promise.all(
      [chief, stranger].map((token) => call(`/v1/history/${prediction_id}`, { token })),
    );

    expect([own!.status, own!.body.source, strange!.status]).toEqual([200, 's3', 404]);
    expect((await call('/v1/history?source=s3', { token: stranger })).body.items).toEqual([]);
  });
});

describe('what is no photo', () => {
  it.each([
    ['holds no image', `inbox/${tenant}/signs/notes.jpg`, 'unsupported-image-format', 415],
    ['names no model of ours', `inbox/${tenant}/resnet/seven.jpg`, 'model-not-found', 404],
    ['lies in no model’s folder', `inbox/${tenant}/seven.jpg`, 'malformed-request', 400],
  ])('and %s goes to rejected with a problem document', async (_, key, code, status) => {
    await putInbox(key, code === 'unsupported-image-format' ? 'not a photo' : photo);
    const target = key.replace('inbox/', 'rejected/');

    const problem = await documentAt(`${target}.problem.json`);

    expect(problem).toMatchObject({ code, status, instance: key });
    expect(await isThere(target)).toBe(true);
    await eventually(async () => ((await isThere(key)) ? undefined : true));
  });
});

describe.skipIf(!hasSharedData)('100 photos of ImageNet that are dropped', () => {
  it('get the labels and confidences that each gets alone', { timeout: 120_000 }, async () => {
    const photos = await imagenetPhotos();
    const folder = `${tenant}/mobilenetv2`;

    await Promise.all([...photos].map(([name, photo]) => putInbox(`inbox/${folder}/${name}`, photo)));
    const results = await Promise.all([...photos.keys()].map((name) => documentAt(`results/${folder}/${name}.json`)));

    expect(results.map(({ predictions }) => predictions)).toEqual(await predictedAlone(chief, photos));
  });
});
