import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../local/service.ts';
import type { BenchCloud } from './cloud.ts';
import { root, type Subject } from './subject.ts';

type Handler = (event: unknown) => Promise<{ statusCode: number; body: string }>;

/** The event of a photo posted as raw bytes, as the gateway makes it. */
export const photoEvent = (photo: Buffer, model: string): object => ({
  version: '2.0',
  routeKey: 'POST /v1/predict',
  rawPath: '/v1/predict',
  rawQueryString: `model=${model}`,
  headers: { 'content-type': 'image/jpeg' },
  queryStringParameters: { model },
  requestContext: {
    domainName: '127.0.0.1',
    http: { method: 'POST', path: '/v1/predict' },
    requestId: crypto.randomUUID(),
    authorizer: { jwt: { claims: { sub: 'bench', tenant_id: 'bench', token_use: 'access' } } },
  },
  body: photo.toString('base64'),
  isBase64Encoded: true,
});

/** The environment of the deployed function, with the endpoints of the local cloud's stores. */
export async function predictEnvironment(cloud: BenchCloud, folder: string): Promise<Record<string, string>> {
  const lambda = new LambdaClient({
    endpoint: cloud.endpoints.lambda!,
    region: LOCAL_REGION,
    credentials: LOCAL_CREDENTIALS,
  });
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  const predict = Functions.find((fn) => fn.Environment?.Variables?.CAPTURE_QUEUE_URL);
  return {
    ...predict!.Environment!.Variables,
    LAMBDA_TASK_ROOT: folder,
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: cloud.endpoints.s3!,
    AWS_ENDPOINT_URL_SQS: cloud.endpoints.sqs!,
    AWS_ENDPOINT_URL_DYNAMODB: cloud.endpoints.dynamodb!,
  };
}

/** The bundle that the image carries, loaded into this process. */
export async function loadHandler(folder: string): Promise<Handler> {
  const { handler } = (await import(join(folder, 'index.mjs'))) as { handler: Handler };
  return async (event) => {
    const answer = await handler(event);
    if (answer.statusCode !== 200) throw new Error(`the handler answered ${answer.statusCode}: ${answer.body}`);
    return answer;
  };
}

/** Milliseconds from the start of a process to its first prediction. */
export async function coldStart(folder: string, env: Record<string, string>, subject: Subject): Promise<number> {
  const eventFile = join(root, '.build/bench-event.json');
  await writeFile(eventFile, JSON.stringify(photoEvent(subject.photos[0]!, subject.manifest.name)));
  const script = `
    const { handler } = await import(${JSON.stringify(join(folder, 'index.mjs'))});
    const { readFile } = await import('node:fs/promises');
    const answer = await handler(JSON.parse(await readFile(${JSON.stringify(eventFile)}, 'utf8')));
    process.exit(answer.statusCode === 200 ? 0 : 1);
  `;
  const start = performance.now();
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: root,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (code !== 0) throw new Error('the cold start failed');
  return performance.now() - start;
}
