import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/temporary-folder.ts';

const script = join(import.meta.dirname, '../support/models-cli.ts');

async function kilatModels(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [script, ...args], { env: { PATH: process.env.PATH!, ...env } });
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), exited]);
  return { stdout, stderr, code };
}

it.concurrent.each([
  ['a command that does not exist', ['frobnicate']],
  ['a model that is not in the catalogue', ['pull', 'nobody']],
  ['a missing option', ['add', 'colour']],
  ['a name that no model may have', ['add', 'Not A Name', '--onnx', 'a', '--labels', 'b']],
])('exits with 2 on %s', async (_, args) => {
  const { code, stdout, stderr } = await kilatModels(args);

  expect(code).toBe(2);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^error: /);
});

it('exits with 1 and one sentence when it refuses', async () => {
  const { code, stdout, stderr } = await kilatModels(['verify', 'nobody', '--models', temporaryFolder()]);

  expect(code).toBe(1);
  expect(stdout).toBe('');
  expect(stderr).toMatch(/^kilat: no model in .* is named 'nobody'\n$/);
});

it('reports a broken model as JSON and exits with 1', async () => {
  const models = temporaryFolder();
  mkdirSync(join(models, 'broken'));
  writeFileSync(join(models, 'broken/model.json'), '{');

  const { code, stdout } = await kilatModels(['verify', '--json'], { KILAT_MODELS: models });

  expect(code).toBe(1);
  expect(JSON.parse(stdout)).toMatchObject({ models: [{ model: 'broken', ok: false, cases: [] }] });
});

it('lists what is in the catalogue and not here', async () => {
  const { code, stdout } = await kilatModels(['list', '--json', '--models', join(temporaryFolder(), 'none')]);

  expect(code).toBe(0);
  expect(JSON.parse(stdout).models).toContainEqual(
    expect.objectContaining({ model: 'resnet50', bytes: 102_576_593, state: 'can be pulled' }),
  );
});

it('lets the work tidy up on Ctrl-C, and exits with 130', async () => {
  const code = `
    import { run, untilInterrupted } from '${join(import.meta.dirname, '../../cli/run.ts')}';
    const alive = setInterval(() => {}, 1000);
    await run(() => untilInterrupted((signal) => new Promise((_, reject) => {
      console.log('working');
      signal.onabort = () => setTimeout(() => { console.log('tidied up'); reject(signal.reason); }, 20);
    })));
    clearInterval(alive);`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code]);
  const exited = new Promise((resolve) => child.once('exit', resolve));
  child.stdout.once('data', () => child.kill('SIGINT'));

  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);

  expect(await exited).toBe(130);
  expect(stdout).toContain('tidied up');
  expect(stderr).toBe('kilat: stopped; nothing was left half done\n');
});

it('writes nothing when a pull finds nothing', async () => {
  const models = join(temporaryFolder(), 'models');

  const { code } = await kilatModels(['pull', 'mobilenetv2', '--from', temporaryFolder(), '--models', models]);

  expect(code).toBe(1);
  expect(existsSync(models)).toBe(false);
});
