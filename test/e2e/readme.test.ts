import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, inject, it } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { projectRoot } from '../support/shared-data.ts';

const run = promisify(execFile);
const { local, dataDir } = inject('cloud');
const readme = await readFile(join(projectRoot, 'README.md'), 'utf8');

/** What continuous integration does with the whole checkout, and what the suite has done to be here. */
const done = ['npm ci && npm test', 'npm start'];

const operations = await readFile(join(projectRoot, 'docs/operations.md'), 'utf8');

/** A block that is for an account of AWS has a comment before it that says so. */
const blocksOf = (document: string) =>
  [...document.matchAll(/^(<!-- aws: .*\n)?```sh\n([\s\S]*?)^```/gm)].map(([, mark, text]) => ({
    isForAws: mark !== undefined,
    text: text!.trim(),
  }));

const blocks = blocksOf(readme)
  .filter(({ isForAws }) => !isForAws)
  .map(({ text }) => text);
const commands = blocks.filter((block) => !done.includes(block));

/** Those that ours or the CDK's command line runs; `aws` is not here. */
const ours = /^(?:KILAT_STAGE=\S+ )?((?:npm run \S+ -- |npx cdk )[a-z ]*)(.*)$/gm;
const awsLines = [...blocksOf(readme), ...blocksOf(operations)]
  .filter(({ isForAws }) => isForAws)
  .flatMap(({ text }) => [...text.matchAll(ours)]);
const awsCommands = [...new Map(awsLines.map((line) => [line[1]! + line[2], line])).values()].map(
  ([, command, options]) => ({ command: command!.trim(), options: options!.match(/--[a-z-]+/g) ?? [] }),
);

/** The commands as they are printed, against the suite's own local cloud instead of one on the default port. */
async function shell(script: string): Promise<string> {
  const here = script.replaceAll('http://127.0.0.1:3000', local.api_url);
  const env = {
    ...process.env,
    KILAT_STAGE: undefined,
    KILAT_DATA: dataDir,
    XDG_STATE_HOME: dataDir,
    npm_config_loglevel: 'error',
  };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', here], { cwd: projectRoot, env, maxBuffer: 2 ** 24 });
  return stdout;
}

const signIn = commands.find((block) => block.startsWith('TOKEN='))!.split('\n')[0]!;

describe('README', () => {
  it('shows how to install, test and start', () => {
    expect(blocks).toEqual(expect.arrayContaining(done));
  });

  it.each(commands)('runs as printed: %s', async (block) => {
    const output = await shell(block.startsWith('TOKEN=') ? block : `${signIn}\n${block}`);

    expect(output).not.toContain('/problems/');
  });

  it('shows how to deploy, to try out and to remove a stage', () => {
    const shown = awsCommands.map(({ command }) => command);

    expect(shown).toEqual(
      expect.arrayContaining(['npx cdk bootstrap', 'npm run deploy --', 'npm run kilat -- smoke', 'npx cdk destroy']),
    );
  });

  it.each(awsCommands)('names options that $command has: $options', async ({ command, options }) => {
    const help = await shell(`${command} --help`);

    for (const option of options) expect(help).toContain(option);
  });

  it('shows a prediction that comes as described', async () => {
    const output = await shell(commands.find((block) => block.startsWith('TOKEN='))!);

    expect(JSON.parse(output)).toMatchObject({ model: 'signs', predictions: [{ label: '3' }, {}, {}] });
  });

  it('names no script that is not there', () => {
    const named = [...(readme + operations).matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, script]) => script!);

    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it('links to files that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!http|\.\.)([^)]+)\)/g)].map(([, path]) => path!);

    await Promise.all(links.map((path) => readFile(join(projectRoot, path.split('#')[0] || 'README.md'))));
  });
});
