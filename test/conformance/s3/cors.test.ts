import {
  DeleteBucketCorsCommand,
  GetBucketCorsCommand,
  GetObjectCommand,
  PutBucketCorsCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { beforeAll, describe, expect, it } from 'vitest';
import { refusalOf, useS3 } from '../../support/s3.ts';

const RULE = {
  AllowedOrigins: ['https://*.example.org', 'http://127.0.0.1:5173'],
  AllowedMethods: ['GET', 'PUT'],
  AllowedHeaders: ['content-type', 'x-amz-meta-*'],
  ExposeHeaders: ['ETag'],
  MaxAgeSeconds: 600,
};

const s3 = useS3();
let bucket: string;
beforeAll(async () => {
  bucket = await s3.newBucket();
  await s3.client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [RULE] } }));
  await s3.put(bucket, 'key', 'x');
});

const preflight = (headers: Record<string, string>, inBucket = bucket) =>
  fetch(`${s3.url}/${inBucket}/key`, { method: 'OPTIONS', headers });

describe('CORS', () => {
  it('keeps the rules of a bucket', async () => {
    const { CORSRules } = await s3.client.send(new GetBucketCorsCommand({ Bucket: bucket }));

    expect(CORSRules).toEqual([RULE]);
  });

  it('answers NoSuchCORSConfiguration where there are none', async () => {
    const bare = await s3.newBucket();
    await s3.client.send(new DeleteBucketCorsCommand({ Bucket: bare }));

    const refusal = await refusalOf(s3.client.send(new GetBucketCorsCommand({ Bucket: bare })));

    expect(refusal).toEqual({ code: 'NoSuchCORSConfiguration', status: 404 });
  });

  it('allows a preflight that a rule covers', async () => {
    const response = await preflight({
      origin: 'https://app.example.org',
      'access-control-request-method': 'PUT',
      'access-control-request-headers': 'Content-Type, x-amz-meta-tenant',
    });

    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.example.org');
    expect(response.headers.get('access-control-allow-methods')).toBe('GET, PUT');
    expect(response.headers.get('access-control-allow-headers')).toBe('content-type, x-amz-meta-tenant');
    expect(response.headers.get('access-control-max-age')).toBe('600');
  });

  it.each([
    ['another origin', { origin: 'https://example.org.evil.net', 'access-control-request-method': 'PUT' }],
    ['another method', { origin: 'https://app.example.org', 'access-control-request-method': 'DELETE' }],
    [
      'another header',
      {
        origin: 'https://app.example.org',
        'access-control-request-method': 'PUT',
        'access-control-request-headers': 'x-amz-acl',
      },
    ],
  ])('refuses a preflight from %s', async (_what, headers) => {
    const response = await preflight(headers);

    expect(response.status).toBe(403);
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('refuses a preflight where the bucket has no rules', async () => {
    const bare = await s3.newBucket();

    const response = await preflight(
      { origin: 'https://app.example.org', 'access-control-request-method': 'GET' },
      bare,
    );

    expect(response.status).toBe(403);
  });

  it('lets the script of an allowed origin see an answer, a refusal too', async () => {
    const headers = { origin: 'http://127.0.0.1:5173' };
    const found = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket: bucket, Key: 'key' }));
    const missing = await getSignedUrl(s3.client, new GetObjectCommand({ Bucket: bucket, Key: 'nowhere' }));

    for (const url of [found, missing]) {
      const response = await fetch(url, { headers });

      expect(response.headers.get('access-control-allow-origin')).toBe('http://127.0.0.1:5173');
      expect(response.headers.get('access-control-expose-headers')).toBe('ETag');
    }
  });

  it('refuses a rule for a method that S3 has not', async () => {
    const rule = { AllowedOrigins: ['*'], AllowedMethods: ['PATCH'] };

    const refusal = await refusalOf(
      s3.client.send(new PutBucketCorsCommand({ Bucket: bucket, CORSConfiguration: { CORSRules: [rule] } })),
    );

    expect(refusal).toEqual({ code: 'InvalidRequest', status: 400 });
  });
});
