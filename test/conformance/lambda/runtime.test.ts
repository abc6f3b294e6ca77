import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aFunction, isRunning, listenedLambda } from '../../support/lambda-fixtures/functions.ts';

const LIMIT_MS = 250;

let lambda: Awaited<ReturnType<typeof listenedLambda>>;

beforeAll(async () => {
  process.env.KILAT_TEST_SECRET = 'of the parent';
  lambda = await listenedLambda(
    [
      aFunction('about', { environment: { TABLE: 'predictions' }, memoryMb: 512 }),
      ...['nothing', 'logs', 'throwsText', 'exits', 'exitsQuietly', 'rejectsUnheard'].map((name) => aFunction(name)),
      ...['returnsBytes', 'returnsCycle', 'missing'].map((name) => aFunction(name)),
      aFunction('fillsHeap', { memoryMb: 64, timeoutMs: 20_000 }),
      aFunction('hangs', { timeoutMs: LIMIT_MS }),
      aFunction('spins', { timeoutMs: LIMIT_MS }),
      aFunction('broken-import.handler'),
      aFunction('broken-start.handler'),
      aFunction('nowhere.handler'),
    ],
    { endpoints: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566' }, now: () => Date.parse('2026-11-20T08:30:00.250Z') },
  );
});
afterAll(async () => {
  delete process.env.KILAT_TEST_SECRET;
  await lambda.close();
});

async function run(name: string, event: unknown = {}) {
  const { payload, ...result } = await lambda.invoke(name, event);
  const lines = lambda.logs.filter((log) => log.requestId === result.requestId).map((log) => log.line);
  return { ...result, output: JSON.parse(payload), lines };
}

describe('what a function sees', () => {
  it('a context object', async () => {
    const { output, requestId } = await run('about');

    expect(output).toMatchObject({
      awsRequestId: requestId,
      functionName: 'about',
      functionVersion: '$LATEST',
      invokedFunctionArn: 'arn:aws:lambda:us-east-1:000000000000:function:about',
      memoryLimitInMB: '512',
      logGroupName: '/aws/lambda/about',
      logStreamName: expect.stringMatching(/^2026\/11\/20\/\[\$LATEST\][0-9a-f]{32}$/),
    });
    expect(output.remainingMs).toBeGreaterThan(2000);
    expect(output.remainingMs).toBeLessThanOrEqual(3000);
  });

  it('the environment variables of Lambda and its own, and none of the machine', async () => {
    const { output } = await run('about');

    expect(output.environment).toMatchObject({
      TABLE: 'predictions',
      AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:4566',
      AWS_REGION: 'us-east-1',
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_LAMBDA_FUNCTION_NAME: 'about',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_ACCESS_KEY_ID: 'LOCALACCESSKEY',
      LAMBDA_TASK_ROOT: aFunction('about').directory,
      _X_AMZN_TRACE_ID: expect.stringMatching(/^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16};Sampled=0$/),
    });
    expect(output.environment).not.toHaveProperty('KILAT_TEST_SECRET');
    expect(output.environment).not.toHaveProperty('NODE_COMPILE_CACHE');
    expect(output.environment).not.toHaveProperty('HOME');
  });

  it('the trace of its caller', async () => {
    const traceId = 'Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1';

    const result = await lambda.invoke('about', {}, { traceId });

    expect(JSON.parse(result.payload).environment._X_AMZN_TRACE_ID).toBe(traceId);
  });

  it('its code after a top-level await', async () => {
    const { output } = await run('about');

    expect(output.startedBy).toBe('top-level await');
  });
});

describe('what goes wrong is named as Lambda names it', () => {
  const failures = {
    throwsText: { errorType: 'string', errorMessage: 'just text', trace: [] },
    exits: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Runtime exited with error: exit status 3$/),
    },
    exitsQuietly: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Error: Runtime exited without providing a reason$/),
    },
    rejectsUnheard: { errorType: 'Runtime.UnhandledPromiseRejection', errorMessage: 'Error: nobody heard' },
    returnsCycle: { errorMessage: 'Unable to stringify response body' },
    fillsHeap: {
      errorType: 'Runtime.ExitError',
      errorMessage: expect.stringMatching(/Runtime exited with error: (signal: aborted|exit status 134)$/),
    },
    hangs: {
      errorType: 'Sandbox.Timedout',
      errorMessage: expect.stringMatching(/^RequestId: \S{36} Error: Task timed out after 0\.25 seconds$/),
    },
    spins: { errorType: 'Sandbox.Timedout' },
    missing: { errorType: 'Runtime.HandlerNotFound', errorMessage: 'handlers.missing is undefined or not exported' },
    'nowhere-handler': {
      errorType: 'Runtime.ImportModuleError',
      errorMessage: "Error: Cannot find module 'nowhere'",
    },
    'broken-import-handler': {
      errorType: 'Runtime.ImportModuleError',
      errorMessage: expect.stringContaining("Cannot find package 'a-package-that-is-nowhere'"),
    },
    'broken-start-handler': { errorType: 'TypeError', errorMessage: 'MODEL_DIR is missing' },
  };

  it.each(Object.entries(failures))('%s', async (name, error) => {
    const { functionError, output } = await run(name);

    expect(functionError).toBe('Unhandled');
    expect(output).toMatchObject(error);
  });

  it('a crash ends the environment, and the next event gets a new one', async () => {
    const first = await run('exits');
    const second = await run('exits');

    expect(first.lines.at(-1)).toContain('Init Duration');
    expect(second.lines.at(-1)).toContain('Init Duration');
  });

  it('returns a response of 6 MB, and refuses one byte more', async () => {
    const fits = await run('returnsBytes', { bytes: 6_291_556 });
    const exceeds = await run('returnsBytes', { bytes: 6_291_557 });

    expect(fits.output).toHaveLength(6_291_554);
    expect(exceeds.output).toMatchObject({
      errorType: 'Function.ResponseSizeTooLarge',
      errorMessage: 'Response payload size exceeded maximum allowed payload size (6291556 bytes).',
    });
  });
});

describe('the log of an invocation', () => {
  it('holds what the function wrote, line by line, between START and END', async () => {
    const { lines, requestId } = await run('logs');

    expect(lines[0]).toBe(`START RequestId: ${requestId} Version: $LATEST`);
    expect(lines.slice(1, -2).toSorted()).toEqual(['from stderr', 'from stdout', 'täglich 1', 'täglich 2']);
    expect(lines.at(-2)).toBe(`END RequestId: ${requestId}`);
  });

  it('ends with a REPORT', async () => {
    const cold = await run('nothing');
    const warm = await run('nothing');

    expect(cold.lines.at(-1)).toMatch(
      /^REPORT RequestId: \S{36}\tDuration: [\d.]+ ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: [\d.]+ ms$/,
    );
    expect(warm.lines.at(-1)).not.toContain('Init Duration');
  });

  it('tells of a timeout', async () => {
    const { lines, requestId } = await run('hangs');

    expect(lines).toContain(`2026-11-20T08:30:00.250Z ${requestId} Task timed out after 0.25 seconds`);
    expect(lines.at(-1)).toMatch(/\tStatus: timeout$/);
  });
});

describe('resolveFrom', () => {
  let image: string;

  beforeAll(async () => {
    image = await mkdtemp(join(tmpdir(), 'kilat-image-'));
    await writePackage('only-in-the-image', { type: 'module' }, "export const name = 'imported';");
    await writePackage('required-in-the-image', {}, "module.exports = 'required';");
  });
  afterAll(() => rm(image, { recursive: true }));

  async function writePackage(name: string, manifest: object, code: string) {
    const folder = join(image, 'node_modules', name);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name, main: 'index.js', ...manifest }));
    await writeFile(join(folder, 'index.js'), code);
  }

  it('serves the bare imports that the code folder cannot resolve', async () => {
    lambda.register(aFunction('bare-import.handler', { resolveFrom: image }));

    const { output } = await run('bare-import-handler');

    expect(output).toEqual({ imported: 'imported', required: 'required' });
  });

  it('is needed for them', async () => {
    lambda.register(aFunction('bare-import.handler'));

    const { output } = await run('bare-import-handler');

    expect(output.errorType).toBe('Runtime.ImportModuleError');
  });
});

it('a start beyond its limit fails', async () => {
  const impatient = await listenedLambda([aFunction('endless-start.handler')], { initTimeoutMs: LIMIT_MS });

  const result = await impatient.invoke('endless-start-handler', {});
  await impatient.close();

  expect(JSON.parse(result.payload)).toMatchObject({
    errorType: 'Sandbox.Timedout',
    errorMessage: expect.stringMatching(/Init timed out after 0\.25 seconds$/),
  });
});

it('functions do not outlive a parent that was killed', async () => {
  const program = `
    import { listenedLambda, aFunction } from ${JSON.stringify(new URL('../../support/lambda-fixtures/functions.ts', import.meta.url).href)};
    const lambda = await listenedLambda([aFunction('count')]);
    const { payload } = await lambda.invoke('count', {});
    console.log(JSON.parse(payload).pid);
    process.kill(process.pid, 'SIGKILL');`;

  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]).catch(
    (e) => e,
  );

  await expect.poll(() => isRunning(Number(stdout))).toBe(false);
});
