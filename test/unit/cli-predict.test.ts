import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { ApiError } from '../../cli/api/api-error.ts';
import type { Api } from '../../cli/api/client.ts';
import { inOrder } from '../../cli/concurrency.ts';
import { UnreachableError } from '../../cli/errors.ts';
import { predictFiles, problemOf } from '../../cli/predict/predict.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Files whose content tells the API below how to answer. */
function filesThatSay(...contents: string[]): string[] {
  const folder = temporaryFolder();
  return contents.map((content, index) => {
    const file = join(folder, `${index}.jpg`);
    writeFileSync(file, content);
    return file;
  });
}

const refusal = { status: 415, title: 'Unsupported image format', code: 'unsupported-image-format', request_id: 'r-1' };

const answers: Record<string, () => Promise<unknown>> = {
  good: async () => ({ prediction_id: 'p-1', predictions: [{ label: '3', confidence: 1 }] }),
  slow: () => sleep(20, { prediction_id: 'p-2', predictions: [{ label: 'slow', confidence: 1 }] }),
  bad: async () => Promise.reject(new ApiError(refusal)),
  unauthorized: async () => Promise.reject(new ApiError({ status: 401, title: 'Unauthorized' })),
  unreachable: async () => Promise.reject(new UnreachableError('nobody answers', undefined)),
  stopped: async () => Promise.reject(new DOMException('stopped', 'AbortError')),
};

const api = ((_: string, { body }: { body: Uint8Array }) => answers[Buffer.from(body).toString()]!()) as unknown as Api;

const outcomes = (contents: string[]) => Array.fromAsync(predictFiles(api, filesThatSay(...contents), {}));

it('answers in the order of the files, whichever is answered first', async () => {
  const predicted = await outcomes(['slow', 'good', 'slow', 'good', 'good', 'slow']);

  expect(predicted.map((outcome) => 'predictions' in outcome && outcome.predictions[0]!.label)).toEqual([
    'slow',
    '3',
    'slow',
    '3',
    '3',
    'slow',
  ]);
});

it('names a file that is refused, and goes on', async () => {
  const predicted = await outcomes(['bad', 'good']);

  expect(predicted.map((outcome) => ('error' in outcome ? problemOf(outcome.error) : 'answered'))).toEqual([
    refusal,
    'answered',
  ]);
});

it('names a file that is not there, with a code', async () => {
  const [outcome] = await Array.fromAsync(predictFiles(api, ['/none.jpg'], {}));

  expect(outcome).toMatchObject({ file: '/none.jpg', error: { code: 'unreadable-file', message: 'no such file' } });
});

it.each(['unauthorized', 'unreachable'])(
  'ends at once when the very first is %s: so would be the rest',
  async (what) => {
    await expect(outcomes([what, what])).rejects.toThrow();
  },
);

it.each(['unauthorized', 'unreachable'])('goes on when one is %s after others were answered', async (what) => {
  const predicted = await outcomes(['good', 'good', 'good', 'good', 'good', what, 'good']);

  expect(predicted.map((outcome) => 'error' in outcome)).toEqual([false, false, false, false, false, true, false]);
});

it('ends when it is stopped', async () => {
  await expect(outcomes(['good', 'good', 'good', 'good', 'good', 'stopped'])).rejects.toThrow('stopped');
});

it('works on no more than so many at a time', async () => {
  let running = 0;
  let most = 0;
  const work = async (): Promise<void> => {
    most = Math.max(most, ++running);
    await sleep(1);
    running--;
  };

  await Array.fromAsync(inOrder(Array.from({ length: 20 }), 4, work));

  expect(most).toBe(4);
});
