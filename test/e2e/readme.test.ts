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

const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, text]) => text!.trim());
const commands = blocks.filter((block) => !done.includes(block));

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

  it('shows a prediction that comes as described', async () => {
    const output = await shell(commands.find((block) => block.startsWith('TOKEN='))!);

    expect(JSON.parse(output)).toMatchObject({ model: 'signs', predictions: [{ label: '3' }, {}, {}] });
  });

  it('names no script that is not there', () => {
    const named = [...readme.matchAll(/npm run (?:--silent )?([a-z:]+)/g)].map(([, script]) => script!);

    expect(Object.keys(packageJson.scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
  });

  it('links to files that exist', async () => {
    const links = [...readme.matchAll(/\]\((?!http|\.\.)([^)]+)\)/g)].map(([, path]) => path!);

    await Promise.all(links.map((path) => readFile(join(projectRoot, path))));
  });
});
