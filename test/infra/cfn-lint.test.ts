import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { stageNames } from '../../lib/stage.ts';
import { anApp, aStage } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const run = promisify(execFile);

/** Where cfn-lint is; continuous integration installs it. */
const { KILAT_CFN_LINT: cfnLint = '' } = process.env;

/** The CDK has a function wait for its role's policies, and names the role too, to which the function refers anyway. */
const REDUNDANT_DEPENDENCY = 'W3005';

/** What it finds in the templates, a line each. */
async function findingsIn(templates: readonly string[]): Promise<string[]> {
  const flags = ['--format', 'parseable', '--ignore-checks', REDUNDANT_DEPENDENCY];
  const { stdout } = await run(cfnLint, [...flags, '--template', ...templates]).catch((error) => {
    if (typeof error.code !== 'number') throw error; // it did not run at all
    return error as { stdout: string };
  });
  return stdout.trim().split('\n').filter(Boolean);
}

describe.skipIf(!cfnLint)('cfn-lint', () => {
  it.each(stageNames)('finds nothing in the templates of %s', async (name) => {
    const { stacks } = anApp(temporaryFolder(), { stage: aStage(name) }).synth();

    expect(await findingsIn(stacks.map(({ templateFullPath }) => templateFullPath))).toEqual([]);
  });

  it('finds a property that a queue does not have', async () => {
    const template = join(temporaryFolder(), 'planted.template.json');
    const Queue = { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeOut: 30 } };
    writeFileSync(template, JSON.stringify({ Resources: { Queue } }));

    const [finding] = await findingsIn([template]);

    expect(finding).toContain('VisibilityTimeOut');
  });
});
