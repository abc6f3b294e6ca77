import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { createPresignedPost } from '@aws-sdk/s3-presigned-post';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { afterAll, describe, expect, it } from 'vitest';
import type { Statement } from '../../../local/iam/index.ts';
import { startS3 } from '../../../local/s3/index.ts';
import { clientConfig } from '../../support/endpoint.ts';
import { allow, anAccount, aPolicy } from '../../support/iam.ts';

const account = await anAccount();
const dir = mkdtempSync(join(tmpdir(), 'kilat-iam-s3-'));
const service = await startS3({ dir, iam: account.iam });
const operator = new S3Client(clientConfig(service.url));
afterAll(async () => {
  await service.close();
  rmSync(dir, { recursive: true });
});

/** A bucket with one object, `a/photo.jpg`. */
async function aBucket(): Promise<string> {
  const Bucket = `b-${crypto.randomUUID()}`;
  await operator.send(new CreateBucketCommand({ Bucket }));
  await operator.send(new PutObjectCommand({ Bucket, Key: 'a/photo.jpg', Body: 'photo' }));
  return Bucket;
}

function client(...statements: Statement[]) {
  const { config, ...session } = account.session(service.url, ...statements);
  return { ...session, s3: new S3Client(config) };
}

const objects = (bucket: string, path = '*') => `arn:aws:s3:::${bucket}/${path}`;
const whole = (bucket: string) => `arn:aws:s3:::${bucket}`;
const text = async (body: { transformToString(): Promise<string> } | undefined) => body?.transformToString();

describe('an action on objects', () => {
  it('is allowed where the policy of the role allows it', async () => {
    const Bucket = await aBucket();
    const { s3 } = client(allow(['s3:GetObject', 's3:PutObject'], objects(Bucket, 'a/*')));

    await s3.send(new PutObjectCommand({ Bucket, Key: 'a/other.jpg', Body: 'other' }));

    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key: 'a/other.jpg' }));
    expect(await text(Body)).toBe('other');
  });

  it('is refused in the words of S3 where none does', async () => {
    const Bucket = await aBucket();
    const { s3, name } = client(allow('s3:GetObject', objects(Bucket)));

    const put = s3.send(new PutObjectCommand({ Bucket, Key: 'a/b', Body: 'x' }));

    await expect(put).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: ${name} is not authorized to perform: s3:PutObject on resource: "${objects(Bucket, 'a/b')}" because no identity-based policy allows the s3:PutObject action`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('is refused beyond the prefix of the grant, and for a key whose star is a star', async () => {
    const Bucket = await aBucket();
    const { s3 } = client(allow('s3:PutObject', objects(Bucket, 'a/*')));
    const put = (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: 'x' }));

    await put('a/*');
    await put('a/one\ntwo');

    await expect(put('b/photo.jpg')).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(put('*/photo.jpg')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it.each(['s3:GetObject', 's3:GetObjectVersion'])(
    'on a version is another one than on the latest: %s',
    async (action) => {
      const Bucket = await aBucket();
      const VersioningConfiguration = { Status: 'Enabled' } as const;
      await operator.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      const { VersionId } = await operator.send(new PutObjectCommand({ Bucket, Key: 'v', Body: 'x' }));
      const { s3 } = client(allow(action, objects(Bucket)));
      const outcome = async (input: { VersionId?: string | undefined }) =>
        s3.send(new GetObjectCommand({ Bucket, Key: 'v', ...input })).then(
          () => 'allowed',
          (error) => error.name,
        );

      expect([await outcome({}), await outcome({ VersionId })]).toEqual(
        action === 's3:GetObject' ? ['allowed', 'AccessDenied'] : ['AccessDenied', 'allowed'],
      );
    },
  );

  it('with tags asks for the right to tag', async () => {
    const Bucket = await aBucket();
    const { s3 } = client(allow('s3:PutObject', objects(Bucket)));

    const put = s3.send(new PutObjectCommand({ Bucket, Key: 'a', Body: 'x', Tagging: 'stage=test' }));

    await expect(put).rejects.toThrow('is not authorized to perform: s3:PutObjectTagging on resource');
  });

  it('begins an upload in parts by the right to put', async () => {
    const Bucket = await aBucket();
    const begin = (action: string) =>
      client(allow(action, objects(Bucket))).s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));

    expect((await begin('s3:PutObject')).UploadId).toBeDefined();
    await expect(begin('s3:GetObject')).rejects.toThrow('is not authorized to perform: s3:PutObject on resource');
  });
});

describe('an object that is missing', () => {
  it('is said to be so to whoever may list the bucket', async () => {
    const Bucket = await aBucket();
    const { s3 } = client(allow('s3:GetObject', objects(Bucket)), allow('s3:ListBucket', whole(Bucket)));

    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({ name: 'NotFound' });
  });

  it('is forbidden to everybody else', async () => {
    const Bucket = await aBucket();
    const { s3 } = client(allow('s3:GetObject', objects(Bucket)));

    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'none' }))).rejects.toThrow('s3:ListBucket on resource');
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'none' }))).rejects.toMatchObject({
      $metadata: { httpStatusCode: 403 },
    });
  });
});

describe('a copy', () => {
  const copy = (s3: S3Client, source: string, target: string) =>
    s3.send(new CopyObjectCommand({ Bucket: target, Key: 'copy', CopySource: `${source}/a/photo.jpg` }));

  it('asks to read its source and to put its target', async () => {
    const [source, target] = [await aBucket(), await aBucket()];
    const read = allow('s3:GetObject', objects(source));
    const write = allow('s3:PutObject', objects(target));

    await copy(client(read, write).s3, source, target);

    await expect(copy(client(write).s3, source, target)).rejects.toThrow(
      `s3:GetObject on resource: "${objects(source, 'a/photo.jpg')}"`,
    );
    await expect(copy(client(read).s3, source, target)).rejects.toThrow(
      `s3:PutObject on resource: "${objects(target, 'copy')}"`,
    );
  });

  it('of a tagged object asks to read and to write the tags', async () => {
    const Bucket = await aBucket();
    await operator.send(new PutObjectCommand({ Bucket, Key: 'a/photo.jpg', Body: 'x', Tagging: 'a=b' }));
    const both = allow(['s3:GetObject', 's3:PutObject'], objects(Bucket));

    await expect(copy(client(both).s3, Bucket, Bucket)).rejects.toThrow('s3:GetObjectTagging on resource');
  });
});

it('deletes of many objects those that may be deleted, and names the others', async () => {
  const Bucket = await aBucket();
  const { s3 } = client(allow('s3:DeleteObject', objects(Bucket, 'a/*')));
  const Objects = [{ Key: 'a/photo.jpg' }, { Key: 'b/photo.jpg' }];

  const { Deleted, Errors } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));

  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a/photo.jpg']);
  expect(Errors).toMatchObject([{ Key: 'b/photo.jpg', Code: 'AccessDenied' }]);
});

describe('a condition', () => {
  it('holds a listing to its prefix', async () => {
    const Bucket = await aBucket();
    const Condition = { StringLike: { 's3:prefix': 'a/*' } };
    const { s3 } = client(allow('s3:ListBucket', whole(Bucket), { Condition }));

    const { KeyCount } = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a/' }));

    expect(KeyCount).toBe(1);
    await expect(s3.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('on TLS is met by plain HTTP, which stands in for it', async () => {
    const Bucket = await aBucket();
    const Resource = [whole(Bucket), objects(Bucket)];
    const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
    const old = { NumericLessThan: { 's3:TlsVersion': '1.2' } };
    const denials = [insecure, old].map(
      (Condition) => ({ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource, Condition }) as const,
    );
    await operator.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(aPolicy(...denials)) }));

    await expect(operator.send(new ListObjectsV2Command({ Bucket }))).resolves.toBeDefined();
  });
});

describe('the policy of a bucket', () => {
  const put = (Bucket: string, ...statements: Statement[]) =>
    operator.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(aPolicy(...statements)) }));

  it('allows what the role’s own does not, within the account', async () => {
    const Bucket = await aBucket();
    const { s3, arn } = client();
    await put(Bucket, allow('s3:GetObject', objects(Bucket), { Principal: { AWS: arn } }));

    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a/photo.jpg' }))).resolves.toBeDefined();
  });

  it('denies what the role’s own allows, and says so', async () => {
    const Bucket = await aBucket();
    const { s3, name } = client(allow('s3:GetObject', objects(Bucket)));
    await put(Bucket, { Effect: 'Deny', Principal: '*', Action: 's3:GetObject', Resource: objects(Bucket) });

    await expect(s3.send(new GetObjectCommand({ Bucket, Key: 'a/photo.jpg' }))).rejects.toMatchObject({
      message: `User: ${name} is not authorized to perform: s3:GetObject on resource: "${objects(Bucket, 'a/photo.jpg')}" with an explicit deny in a resource-based policy`,
    });
  });

  it('denies the operator too, but never to mend the policy itself', async () => {
    const Bucket = await aBucket();
    await put(Bucket, { Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: [whole(Bucket), objects(Bucket)] });

    await expect(operator.send(new ListObjectsV2Command({ Bucket }))).rejects.toMatchObject({ name: 'AccessDenied' });
    await operator.send(new DeleteBucketPolicyCommand({ Bucket }));
    await expect(operator.send(new ListObjectsV2Command({ Bucket }))).resolves.toBeDefined();
  });

  it.each([
    [
      'is malformed',
      { Effect: 'Maybe', Action: 's3:GetObject', Resource: '*', Principal: '*' } as never as Statement,
      'not valid',
    ],
    [
      'reads a condition key that is not emulated',
      allow('s3:GetObject', '*', { Principal: '*', Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } }),
      'aws:MultiFactorAuthPresent',
    ],
  ])('is refused where it %s', async (_, statement, message) => {
    const Bucket = await aBucket();

    await expect(put(Bucket, statement)).rejects.toMatchObject({
      name: 'MalformedPolicy',
      message: expect.stringContaining(message),
    });
  });
});

describe('a presigned URL', () => {
  it('does what its signer may, at the time when it is used', async () => {
    const Bucket = await aBucket();
    const { s3, arn } = client(allow('s3:GetObject', objects(Bucket)));
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key: 'a/photo.jpg' }));

    const before = await fetch(url);
    const grant = { holder: arn, action: 's3:GetObject', resource: objects(Bucket) };
    const giveBack = account.iam.withhold(grant);
    const after = await fetch(url);
    giveBack();

    expect([before.status, after.status]).toEqual([200, 403]);
    expect(await after.text()).toContain('no identity-based policy allows the s3:GetObject action');
  });

  it('is of no use with a token that is not the key’s', async () => {
    const Bucket = await aBucket();
    const { config } = account.session(service.url, allow('s3:GetObject', objects(Bucket)));
    const forged = new S3Client({ ...config, credentials: { ...config.credentials, sessionToken: 'guess' } });

    const response = await fetch(await getSignedUrl(forged, new GetObjectCommand({ Bucket, Key: 'a/photo.jpg' })));

    expect(response.status).toBe(400);
    expect(await response.text()).toContain('<Code>InvalidToken</Code>');
  });
});

it.each([
  ['s3:PutObject', 204],
  ['s3:GetObject', 403],
])('holds a form to what its signer may: %s', async (action, status) => {
  const Bucket = await aBucket();
  const { s3 } = client(allow(action, objects(Bucket)));
  const { url, fields } = await createPresignedPost(s3, { Bucket, Key: 'form' });
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new Blob(['photo']));

  expect((await fetch(url, { method: 'POST', body: form })).status).toBe(status);
});

describe('a key', () => {
  const list = (credentials: object) =>
    new S3Client({ ...clientConfig(service.url), credentials: credentials as never }).send(new ListBucketsCommand({}));

  it('that nobody has is unknown, one without its session’s token too', async () => {
    const { accessKeyId, secretAccessKey } = account.session(service.url).config.credentials;

    const unknown = list({ accessKeyId: 'ASIANOBODY', secretAccessKey: 's', sessionToken: 't' });

    await expect(unknown).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
    await expect(list({ accessKeyId, secretAccessKey })).rejects.toMatchObject({ name: 'InvalidAccessKeyId' });
  });
});

it('tells whoever wants to know of each refusal', async () => {
  const Bucket = await aBucket();
  const { s3, arn } = client();
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' })).catch(() => {});

  expect(account.refusals.at(-1)).toMatchObject({
    principal: { roleArn: arn },
    request: { action: 's3:DeleteObject', resource: objects(Bucket, 'a') },
    reason: 'no-identity-policy',
  });
});
