import { ListBucketsCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import type { Job, JobResultLine } from '@kilat/contracts';
import { call, endpoint } from './api.ts';
import { eventually } from './eventually.ts';

export const s3 = new S3Client(endpoint('s3'));

/** A bucket of the template, by a part of its logical id. */
export async function bucketNamed(part: string): Promise<string> {
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  return Buckets.map(({ Name }) => Name!).find((name) => name.includes(part))!;
}

export async function putInbox(key: string, body: Uint8Array | string): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: await bucketNamed('inbox'), Key: key, Body: body }));
}

export const submit = (token: string, request: unknown, headers: Record<string, string> = {}) =>
  call('/v1/jobs/predict', {
    token,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(request),
  });

const isUnderWay = ({ state }: Job): boolean => ['queued', 'planning', 'running'].includes(state);

export const ended = (token: string, jobId: string): Promise<Job> =>
  eventually(async () => {
    const { body } = await call(`/v1/jobs/${jobId}`, { token });
    return isUnderWay(body) ? undefined : (body as Job);
  });

/** Submits a job and waits for its end. */
export async function done(token: string, request: unknown): Promise<Job> {
  const { status, body } = await submit(token, request);
  if (status !== 202) throw new Error(`not taken on: ${JSON.stringify(body)}`);
  return ended(token, body.job_id);
}

/** Every line of a job's result, by its link. */
export async function resultOf(token: string, jobId: string): Promise<JobResultLine[]> {
  const { body } = await call(`/v1/jobs/${jobId}/result`, { token });
  const text = await (await fetch(body.url)).text();
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}
