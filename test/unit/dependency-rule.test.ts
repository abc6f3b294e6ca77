import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const run = promisify(execFile);

/** Each planted file breaks exactly the rule beside it. */
const planted = [
  ['contracts-know-only-zod', 'layers/contracts/planted.ts', "import 'sharp';"],
  ['core-is-pure', 'layers/core/planted.ts', "import 'node:fs';"],
  ['adapters-serve-the-core', 'layers/adapters/planted.ts', "import '../../functions/target/handler.ts';"],
  ['lambda-is-the-wrapper', 'layers/lambda/planted.ts', "import 'sharp';"],
  ['functions-use-layers-only', 'functions/planted/handler.ts', "import '../target/handler.ts';"],
  ['functions-use-layers-only', 'functions/planted/client.ts', "import '@aws-sdk/client-s3';"],
  ['infrastructure-knows-contracts', 'lib/planted.ts', "import '../layers/core/target.ts';"],
  ['the-image-is-what-the-infrastructure-bundles', 'image/planted.ts', "import '../layers/core/target.ts';"],
  ['the-local-cloud-reads-the-template', 'local/planted.ts', "import '../lib/target.ts';"],
  ['the-command-line-uses-layers', 'cli/planted.ts', "import '../lib/target.ts';"],
  ['nobody-imports-tests', 'lib/tested.ts', "import '../test/target.ts';"],
  ['no-cycles', 'layers/core/cycle-back.ts', "import './cycle.ts';"],
  ['no-undeclared-packages', 'layers/core/undeclared.ts', "import 'sharp';"],
  ['no-unresolvable', 'layers/core/dangling.ts', "import './nowhere.ts';"],
] as const;

const targets: Record<string, string> = {
  'functions/target/handler.ts': 'export {};',
  'layers/core/target.ts': 'export {};',
  'layers/core/cycle.ts': "import './cycle-back.ts';",
  'lib/target.ts': 'export {};',
  'test/target.ts': 'export {};',
};

interface Report {
  summary: { violations: { rule: { name: string }; from: string }[] };
}

describe('the dependency rule', () => {
  let folder: string;
  let report: Report;

  beforeAll(async () => {
    // Inside the project, so that packages resolve as they do for the real tree.
    await mkdir(join(root, '.build'), { recursive: true });
    folder = await mkdtemp(join(root, '.build', 'planted-'));
    const files = { ...targets, ...Object.fromEntries(planted.map(([, path, text]) => [path, text])) };
    for (const [path, text] of Object.entries(files)) {
      await mkdir(join(folder, path, '..'), { recursive: true });
      await writeFile(join(folder, path), text);
    }
    await writeFile(join(folder, 'package.json'), '{"name":"planted","private":true}');
    report = await cruise(folder);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each(planted)('%s is broken by %s', (rule, path) => {
    const broken = report.summary.violations.filter((violation) => violation.from === path);

    expect(broken.map((violation) => violation.rule.name)).toContain(rule);
  });

  it('reports nothing for files that break no rule', () => {
    const clean = report.summary.violations.filter((violation) => violation.from === 'lib/target.ts');

    expect(clean).toEqual([]);
  });
});

async function cruise(cwd: string): Promise<Report> {
  const depcruise = join(root, 'node_modules/.bin/depcruise');
  const args = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'json', '.'];
  const output = await run(process.execPath, [depcruise, ...args], { cwd, maxBuffer: 2 ** 26 }).catch(
    (failure: { stdout: string }) => failure,
  );
  return JSON.parse(output.stdout) as Report;
}
