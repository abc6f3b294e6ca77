import { spawn } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type AwsAnswers,
  accountSettings,
  anAccount,
  aStage,
  awsStandIn,
  bootstrapVersion,
  describeStacks,
  jsonError,
  queryError,
  standInEnv,
  withoutAws,
} from '../support/aws-stand-in.ts';
import { outcomeOf } from '../support/local-cloud.ts';
import { projectRoot } from '../support/shared-data.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface Machine {
  readonly aws?: AwsAnswers;
  readonly env?: NodeJS.ProcessEnv;
  /** what `docker info` exits with */
  readonly docker?: number;
  /** what `cdk` says on stderr before it exits with `cdkCode` */
  readonly cdkSays?: string;
  readonly cdkCode?: number;
}

/** Runs the deployment in a process of its own, with another `cdk` and `docker` first in its path. */
async function deploy(args: readonly string[], { aws = anAccount(), env = {}, ...programs }: Machine = {}) {
  const folder = temporaryFolder();
  const { docker = 0, cdkSays = '', cdkCode = 0 } = programs;
  writeFileSync(join(folder, 'said'), cdkSays);
  program(folder, 'docker', `exit ${docker}`);
  program(
    folder,
    'cdk',
    `echo "$KILAT_STAGE $AWS_REGION $*" > ${folder}/asked; cat ${folder}/said >&2; exit ${cdkCode}`,
  );
  const { url } = await awsStandIn(aws);
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'bin/deploy.ts', ...args], {
    cwd: projectRoot,
    env: {
      ...process.env,
      KILAT_STAGE: undefined,
      CDK_DOCKER: undefined,
      ...standInEnv(url),
      PATH: `${folder}${delimiter}${process.env.PATH}`,
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { ...(await outcomeOf(child)), asked: () => readFileSync(join(folder, 'asked'), 'utf8').trim() };
}

function program(folder: string, name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

const stopped = (what: string, todo: string) => ({
  code: 1,
  stderr: expect.stringMatching(new RegExp(`✗ .*${what}.*\\n {2}→ .*${todo}[\\s\\S]*kilat: nothing was deployed\\n$`)),
});

describe('npm run deploy', () => {
  it('shows where it deploys and as whom, and hands on to the CDK', async () => {
    const { code, stderr, asked } = await deploy(['--stage', 'staging', '--yes', '--', '--verbose']);

    expect([code, stderr]).toEqual([
      0,
      'staging: account 123456789012, eu-west-1, as arn:aws:iam::123456789012:user/Alice\n',
    ]);
    expect(asked()).toBe('staging eu-west-1 deploy !(Delivery) --progress events --require-approval never --verbose');
  });

  it('deploys nothing when it is to look alone', async () => {
    const { code, stderr, asked } = await deploy(['--dry-run']);

    expect(code).toBe(0);
    expect(stderr).toContain('nothing stands in the way; to be run: KILAT_STAGE=staging cdk deploy !(Delivery)');
    expect(asked).toThrow('ENOENT');
  });

  it('passes on what the CDK says, and adds what to do', async () => {
    const cdkSays = 'MyStack failed: Error: The security token included in the request is expired\n';

    const { code, stderr } = await deploy([], { cdkSays, cdkCode: 1 });

    expect(code).toBe(1);
    expect(stderr).toContain(`${cdkSays}\nWhat to do: The AWS credentials have expired`);
  });

  it('takes a region where the CDK takes one', async () => {
    const { asked } = await deploy([], { env: { AWS_REGION: undefined, AWS_DEFAULT_REGION: 'ap-southeast-1' } });

    expect(asked()).toMatch(/^staging ap-southeast-1 /);
  });

  it.each([
    ['no region', { AWS_REGION: undefined }, 2, /^kilat: no AWS region is named; set AWS_REGION/],
    ['no credentials', { ...withoutAws, AWS_REGION: 'eu-west-1' }, 1, /^kilat: no AWS credentials were found/],
  ])('says so in one sentence where there is %s', async (_, env, code, message) => {
    const outcome = await deploy([], { env });

    expect(outcome).toMatchObject({ code, stderr: expect.stringMatching(message) });
    expect(outcome.stderr.trim().split('\n')).toHaveLength(1);
  });

  it('refuses a stage that is not there', async () => {
    expect(await deploy(['--stage', 'local'])).toMatchObject({ code: 2, stderr: expect.stringContaining('staging') });
  });
});

describe('before a deployment', () => {
  it('a missing bootstrap is named, with the command that makes it', async () => {
    const aws = anAccount({ GetParameter: jsonError('ParameterNotFound', '') });

    expect(await deploy([], { aws })).toMatchObject(
      stopped('the CDK is not bootstrapped in eu-west-1', 'npx cdk bootstrap aws://123456789012/eu-west-1'),
    );
  });

  it('an old bootstrap is named', async () => {
    const aws = anAccount({ GetParameter: bootstrapVersion(4) });

    expect(await deploy([], { aws })).toMatchObject(stopped('is version 4; expected 6 or later', 'npx cdk bootstrap'));
  });

  it('a half-created stack is named, with what deletes it', async () => {
    const aws = anAccount({
      DescribeStacks: describeStacks([{ name: 'kilat-staging-jobs', status: 'ROLLBACK_COMPLETE' }]),
    });

    expect(await deploy([], { aws })).toMatchObject(
      stopped('kilat-staging-jobs is in ROLLBACK_COMPLETE', 'delete-stack --stack-name kilat-staging-jobs'),
    );
  });

  it.each([
    ['docker that is silent', { docker: 1 }, 'docker does not answer'],
    ['a builder that is not installed', { env: { CDK_DOCKER: 'no-such-builder' } }, 'no-such-builder is not installed'],
  ])('%s stops the first deployment', async (_, machine, what) => {
    expect(await deploy([], machine)).toMatchObject(stopped(what, 'CDK_DOCKER'));
  });

  it('a silent docker is told, and stops no later deployment', async () => {
    const aws = anAccount({ DescribeStacks: describeStacks(aStage('staging')) });

    const { code, stderr } = await deploy([], { aws, docker: 1 });

    expect([code, stderr]).toEqual([0, expect.stringContaining('! docker does not answer')]);
  });

  it('an account that runs 10 functions at a time cannot set 50 aside', async () => {
    const aws = anAccount({ GetAccountSettings: accountSettings(10) });

    expect(await deploy(['--stage', 'production'], { aws })).toMatchObject(
      stopped(
        "'production' sets 50 concurrent executions aside, and 10 of the account's 10 in eu-west-1 are free",
        'remove inferenceConcurrency .* --quota-code L-B99A9384 --desired-value 1000 --region eu-west-1',
      ),
    );
  });

  it('an account that runs 10 functions at a time may have a stage that sets none aside, and is told', async () => {
    const aws = anAccount({ GetAccountSettings: accountSettings(10) });

    const { code, stderr } = await deploy([], { aws });

    expect([code, stderr]).toEqual([0, expect.stringContaining('! this account runs 10 functions at a time')]);
  });

  it('what the stage has set aside already is not asked for twice', async () => {
    const aws = anAccount({
      DescribeStacks: describeStacks(aStage('production')),
      GetAccountSettings: accountSettings(150, 100),
      GetFunctionConcurrency: { body: '{"ReservedConcurrentExecutions":50}' },
    });

    const { code } = await deploy(['--stage', 'production'], { aws });

    expect(code).toBe(0);
  });

  it('what a narrow role may not ask is told, and stops nothing', async () => {
    const denied = jsonError('AccessDeniedException', 'User is not authorized', 403);
    const aws = anAccount({
      DescribeStacks: queryError('AccessDenied', 'User is not authorized', 403),
      GetParameter: denied,
      GetAccountSettings: denied,
    });

    const { code, stderr } = await deploy([], { aws });

    expect(code).toBe(0);
    expect(stderr.match(/^! these AWS credentials may not /gm)).toHaveLength(3);
  });
});
