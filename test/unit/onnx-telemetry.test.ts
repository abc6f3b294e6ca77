import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { colourClassifier } from '../support/onnx-file.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Loads a model by way of a module, in a process whose home is empty. @returns every file that appeared */
function filesWrittenBy(load: string): string[] {
  const folder = temporaryFolder();
  const [home, cwd, weights] = ['home', 'cwd', 'model.onnx'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(home);
  mkdirSync(cwd);
  writeFileSync(weights, colourClassifier());
  // no CI and no ORT_DISABLE_TELEMETRY: onnxruntime is as talkative as on a person's machine
  const env = { PATH: process.env.PATH, HOME: home, WEIGHTS: weights };
  const wait = 'await new Promise((resolve) => setTimeout(resolve, 300));';
  const code = `import { readFileSync } from 'node:fs'; const weights = readFileSync(process.env.WEIGHTS); ${load} ${wait}`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', code], { cwd, env });
  return [home, cwd].flatMap((where) => readdirSync(where, { recursive: true }) as string[]);
}

const adapters = join(import.meta.dirname, '../../layers/adapters');

it('our adapter makes onnxruntime write no device id, log or database', () => {
  const files = filesWrittenBy(`
    const { readOnnxSignature } = await import('${adapters}/onnx-model.ts');
    await readOnnxSignature('colour', weights);`);

  expect(files).toEqual([]);
});

it.runIf(process.platform === 'linux')(
  'onnxruntime by itself does write them: the test above looks in the right place',
  () => {
    const files = filesWrittenBy(`
    const { createRequire } = await import('node:module');
    const ort = createRequire('${adapters}/onnx-model.ts')('onnxruntime-node');
    await ort.InferenceSession.create(weights);`);

    expect(files).toContain('.cache/Microsoft/DeveloperTools/.onnxruntime/deviceid');
  },
);
