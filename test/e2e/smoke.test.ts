import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { apiClient } from '../../cli/api/client.ts';
import { connectLocally } from '../../cli/connection/local.ts';
import { shippedExamples, smokeSteps } from '../../cli/smoke/checks.ts';
import { runSteps } from '../../cli/smoke/steps.ts';
import { newUser } from '../support/api.ts';
import { aStage, awsStandIn, describeStacks, standInEnv, withoutAws } from '../support/aws-stand-in.ts';
import { bucketNamed, s3 } from '../support/jobs.ts';
import { runKilat } from '../support/local-cloud.ts';

const { local, dataDir } = inject('cloud');

const steps = ['health', 'readiness', 'sign-in', 'refusal', 'prediction', 'history', 'job', 'result', 'drop'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kilat-smoke-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const env = () => ({ ...withoutAws, KILAT_DATA: dataDir, XDG_CONFIG_HOME: join(folder, 'config') });

/** The suite's local cloud, as AWS would tell of it were it deployed as a stage. */
async function asDeployed(stage: string): Promise<NodeJS.ProcessEnv> {
  const { url } = await awsStandIn({
    DescribeStacks: describeStacks(
      aStage(stage, {
        ApiUrl: local.api_url,
        UserPoolClientId: local.user_pool_client_id,
        InboxBucket: await bucketNamed('inbox'),
      }),
    ),
  });
  return {
    ...env(),
    ...standInEnv(url),
    AWS_ENDPOINT_URL_S3: local.endpoints.s3,
    KILAT_COGNITO_URL: local.endpoints.cognito,
  };
}

describe('kilat smoke', () => {
  it('finds that all of the local cloud works', async () => {
    const { code, stdout, stderr } = await runKilat(['smoke'], { env: env() });

    expect([code, stderr]).toEqual([0, '']);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => line.split(/ +/, 2).join(' ')),
    ).toEqual([...steps.map((step) => `✓ ${step}`), '9 of']);
    expect(stdout).toMatch(/^9 of 9 work$/m);
  });

  it('finds a deployed stage by its stacks, and signs in as the smoke user', async () => {
    const { username, password } = await newUser('smoke');
    const deployed = await asDeployed('trial');

    const { code, stdout } = await runKilat(['smoke', '--stage', 'trial', '--json'], {
      env: { ...deployed, KILAT_SMOKE_USERNAME: username, KILAT_SMOKE_PASSWORD: password },
    });

    const outcomes = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(outcomes.map(({ step, outcome }) => [step, outcome])).toEqual(steps.map((step) => [step, 'works']));
    expect(outcomes.find(({ step }) => step === 'sign-in').detail).toBe('tenant smoke');
    expect(code).toBe(0);
  });

  it('tries what needs nobody where no smoke user is named, and says how to name one', async () => {
    const { code, stdout } = await runKilat(['smoke', '--stage', 'trial'], { env: await asDeployed('trial') });

    expect(code).toBe(1);
    expect(stdout).toMatch(/^✓ refusal/m);
    expect(stdout).toMatch(/^✗ sign-in .*KILAT_SMOKE_USERNAME.*\n {2}→ set KILAT_SMOKE_USERNAME/m);
    expect(stdout).toMatch(/^– drop +skipped: 'sign-in' does not work$/m);
    expect(stdout).toMatch(/^3 of 9 work$/m);
  });

  it('says in one sentence that there are no AWS credentials to find a stage with', async () => {
    const { code, stderr } = await runKilat(['smoke', '--stage', 'trial', '--region', 'eu-west-1'], { env: env() });

    expect(code).toBe(1);
    expect(stderr).toMatch(/^kilat: no AWS credentials were found; sign in \(aws sso login, aws configure\)[^\n]*\n$/);
  });

  it('names each part that answers with another label', async () => {
    const examples = shippedExamples.map((example) => ({ ...example, label: '0' }));
    const connection = connectLocally(dataDir);
    const target = {
      stage: 'local',
      connection,
      api: (signal: AbortSignal) => apiClient(connection, signal),
      inbox: async () => ({ client: s3, bucket: await bucketNamed('inbox') }),
    };

    const outcomes = await Array.fromAsync(runSteps(smokeSteps(target, examples), new AbortController().signal));

    const failing = outcomes.filter(({ outcome }) => outcome === 'fails').map(({ step }) => step);
    expect(failing).toEqual(['prediction', 'result', 'drop']);
    expect(outcomes.find(({ step }) => step === 'prediction')).toMatchObject({
      reason: expect.stringMatching(/three\.jpg was answered with '3'; expected '0'$/),
    });
  });
});

describe('kilat login', () => {
  it('finds a deployed stage by its stacks, and drops go to the inbox that they name', async () => {
    const deployed = await asDeployed('found');
    const { username, password } = await newUser('found');
    const [{ file }] = shippedExamples as [(typeof shippedExamples)[0]];

    const login = await runKilat(['login', '--stage', 'found'], {
      env: { ...deployed, KILAT_USERNAME: username, KILAT_PASSWORD: password },
    });
    const predicted = await runKilat(['predict', file, '--stage', 'found', '--json'], { env: env() });
    const dropped = await runKilat(['drop', file, '--model', 'signs', '--stage', 'found', '--json'], { env: deployed });

    expect([login.code, predicted.code, dropped.code]).toEqual([0, 0, 0]);
    expect(JSON.parse(dropped.stdout).result.label).toBe('3');
  });

  it('says which region was searched in vain', async () => {
    const { code, stderr } = await runKilat(['login', '--stage', 'nowhere'], { env: await asDeployed('found') });

    expect(code).toBe(1);
    expect(stderr).toMatch(/^kilat: no stack of stage 'nowhere' is in eu-west-1 .*AWS_REGION.*\n$/);
  });
});
