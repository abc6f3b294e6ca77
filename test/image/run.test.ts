import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { architectureNames } from '../../image/architecture.ts';
import { IMAGE_DIR, type ImageReport } from '../../image/build.ts';
import { buildahBuilder } from '../../image/builders/buildah.ts';
import type { OpenImage } from '../../image/builders/builder.ts';
import { readStage } from '../../lib/stage.ts';
import { startEmulators } from '../support/chaos/emulators.ts';
import { anHttpEvent } from '../support/http-event.ts';
import { type ExecutionEnvironment, startEnvironment } from '../support/image/execution-environment.ts';
import { emulatorOf } from '../support/image/setup.ts';
import { aDrop, anSqsEvent } from '../support/image/sqs-event.ts';
import { projectRoot } from '../support/shared-data.ts';

const { inferenceMemoryMiB: memoryMiB, inferenceTimeoutSeconds } = readStage('staging');
const WARM_PREDICTIONS = 20;
/** AWS allows 10 GB; ours stays where a cold start is short. */
const MAX_PAYLOAD_BYTES = 90e6;

const photo = readFileSync(join(projectRoot, 'models/signs/examples/three.jpg'));
const predictEvent = (body: Buffer | string): string => {
  const headers = { 'content-type': 'image/jpeg' };
  return JSON.stringify(anHttpEvent({ routeKey: 'POST /v1/predict', query: { top_k: '1' }, headers, body }));
};

describe.each(architectureNames)('the image for %s', (architecture) => {
  const image = inject('images')[architecture] as ImageReport;
  const emulator = emulatorOf(architecture);
  const isRunnable = image !== undefined && emulator !== undefined;
  if (image && !isRunnable)
    console.log(`the image for ${architecture} is built and not run: qemu-user-static is missing`);

  describe.runIf(image)('holds', () => {
    it('less than 90 MB of ours', () => {
      expect(image.payloadBytes).toBeLessThan(MAX_PAYLOAD_BYTES);
    });
  });

  describe.runIf(isRunnable)('run as Lambda runs it', () => {
    let stores: Awaited<ReturnType<typeof startEmulators>>;
    let files: OpenImage;
    let predict: ExecutionEnvironment;
    let batch: ExecutionEnvironment;
    const figures: Record<string, string> = {};

    const start = (handler?: string): Promise<ExecutionEnvironment> => {
      const { LAMBDA_TASK_ROOT, ORT_DISABLE_TELEMETRY, ...variables }: Record<string, string> = stores.env; // the image's own
      return startEnvironment({
        folder: files.folder,
        config: image.config,
        ...(handler && { handler }),
        variables: { ...variables, DEFAULT_MODEL: 'signs' },
        memoryMiB,
        timeoutMs: inferenceTimeoutSeconds * 1000,
        emulator: emulator!,
      });
    };

    const timed = async (event: string): Promise<number> => {
      const from = performance.now();
      await predict.api.invoke(event);
      return performance.now() - from;
    };

    beforeAll(async () => {
      stores = await startEmulators({ calls: 0, operations: 0 });
      files = await buildahBuilder(join(IMAGE_DIR, 'buildah')).open(image.reference);
      const from = performance.now();
      predict = await start();
      await predict.api.invoke(predictEvent(photo));
      figures['cold start'] = `${Math.round(performance.now() - from)} ms`;
      batch = await start('batch.handler');
    });

    afterAll(async () => {
      await Promise.all([predict?.stop(), batch?.stop()]);
      await files?.close();
      await stores?.close();
      console.table({ [`image for ${architecture}`]: { ...sizes(image), ...figures } });
    });

    it('answers a photo with its label', async () => {
      const { kind, body } = await predict.api.invoke(predictEvent(photo));

      const { statusCode, body: answer } = JSON.parse(body);
      expect([kind, statusCode]).toEqual(['response', 200]);
      expect(JSON.parse(answer)).toMatchObject({ model: 'signs', predictions: [{ label: '3' }] });
    });

    it('refuses what is no photo with a problem document', async () => {
      const { body } = await predict.api.invoke(predictEvent('this is not a photo'));

      const { statusCode, headers, body: answer } = JSON.parse(body);
      expect([statusCode, JSON.parse(answer).code]).toEqual([415, 'unsupported-image-format']);
      expect(headers['content-type']).toBe('application/problem+json');
    });

    it('tells of an event that is not JSON, and goes on with the next', async () => {
      const broken = await predict.api.invoke('{"version": "2.0", ');
      const next = await predict.api.invoke(predictEvent(photo));

      expect([broken.kind, JSON.parse(broken.body).errorType]).toEqual(['error', 'SyntaxError']);
      expect([next.kind, JSON.parse(next.body).statusCode]).toEqual(['response', 200]);
    });

    it('classifies a photo that was dropped into the inbox', async () => {
      const [Bucket, name] = ['inbox-bucket', 'demo/signs/three.jpg'];
      await stores.s3.send(new PutObjectCommand({ Bucket, Key: `inbox/${name}`, Body: photo }));

      const { body } = await batch.api.invoke(JSON.stringify(anSqsEvent(aDrop(Bucket, `inbox/${name}`))));

      expect(JSON.parse(body)).toEqual({ batchItemFailures: [] });
      const result = await stores.s3.send(new GetObjectCommand({ Bucket, Key: `results/${name}.json` }));
      expect(JSON.parse(await result.Body!.transformToString())).toMatchObject({ label: '3', source: 's3' });
    });

    it('gives a message that nobody can read back to its queue', async () => {
      const { body } = await batch.api.invoke(JSON.stringify(anSqsEvent('{', aDrop('inbox-bucket', 'elsewhere/x'))));

      expect(JSON.parse(body).batchItemFailures).toContainEqual({ itemIdentifier: 'message-0' });
    });

    it('tells of a handler that is not there, and ends', async () => {
      const broken = await start('nowhere.handler');
      const error = await broken.api.initError();

      expect(JSON.parse(error)).toMatchObject({ errorType: 'Runtime.ImportModuleError' });
      expect(await broken.exited).toBe(1);
      await broken.api.close();
    });

    it("stays within the stage's memory", async () => {
      const times: number[] = [];
      for (let count = 0; count < WARM_PREDICTIONS; count++) times.push(await timed(predictEvent(photo)));

      const peak = Math.max(predict.peakMemoryMiB(), batch.peakMemoryMiB());
      figures['warm p50'] = `${times.sort((a, b) => a - b)[WARM_PREDICTIONS / 2]!.toFixed(1)} ms`;
      figures['peak memory'] = `${Math.round(peak)} of ${memoryMiB} MiB`;
      expect(peak).toBeLessThan(memoryMiB);
    });

    it('may write to /tmp alone, and leaves nothing there: no telemetry, no log', () => {
      const mounts = predict.mounts();

      expect([mounts.get('/'), mounts.get('/tmp'), mounts.has('/sys')]).toEqual(['ro', 'rw', false]);
      expect([...predict.filesIn('/tmp'), ...batch.filesIn('/tmp')]).toEqual([]);
    });
  });
});

const sizes = ({ payloadBytes, imageBytes }: ImageReport) => ({
  payload: `${(payloadBytes / 1e6).toFixed(1)} MB`,
  image: `${(imageBytes / 1e6).toFixed(1)} MB`,
});
