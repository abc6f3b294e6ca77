import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { describe, expect, it } from 'vitest';
import { inRegion } from '../../cli/aws/region.ts';
import { verdictOf } from '../../cli/aws/stack-status.ts';
import { stacksOf } from '../../cli/aws/stacks.ts';
import { outputOf } from '../../cli/connection/stage-outputs.ts';
import { type AwsAnswers, aStage, awsStandIn, describeStacks, queryError } from '../support/aws-stand-in.ts';
import { clientConfig } from '../support/endpoint.ts';

async function clientOf(answers: AwsAnswers): Promise<CloudFormationClient> {
  const { url } = await awsStandIn(answers);
  return new CloudFormationClient(clientConfig(url));
}

const found = async (DescribeStacks: AwsAnswers[string], stage = 'staging') =>
  stacksOf(await clientOf({ DescribeStacks }), stage);

describe('the stacks of a stage', () => {
  it('are found over all pages, with their outputs, among those of others', async () => {
    const pages = (input: URLSearchParams) =>
      input.get('NextToken') === 'more'
        ? describeStacks(aStage('staging'))
        : describeStacks([...aStage('production'), { name: 'CDKToolkit' }], 'more');

    const { region, stacks } = await found(pages);

    expect(region).toBe('us-east-1');
    expect(stacks.map(({ name, status }) => [name, status])).toEqual([
      ['kilat-staging-storage', 'CREATE_COMPLETE'],
      ['kilat-staging-identity', 'CREATE_COMPLETE'],
      ['kilat-staging-inference', 'CREATE_COMPLETE'],
      ['kilat-staging-jobs', 'CREATE_COMPLETE'],
      ['kilat-staging-api', 'UPDATE_COMPLETE'],
    ]);
  });

  it('are not those of a stage whose name is longer', async () => {
    const { stacks } = await found(describeStacks(aStage('staging-eu')));

    expect(stacks).toEqual([]);
  });

  it.each([
    ['ExpiredToken', 403, 'the AWS credentials have expired; sign in (aws sso login, aws configure)'],
    ['InvalidClientTokenId', 403, 'AWS does not know these credentials'],
    ['InternalFailure', 500, 'AWS was asked to read the stacks in us-east-1, and did not'],
    ['AccessDenied', 403, 'these AWS credentials may not read the stacks in us-east-1'],
  ])('are not told where AWS answers %s', async (code, status, message) => {
    await expect(found(queryError(code, 'User is not authorized', status))).rejects.toThrow(message);
  });

  it('are not told where there are no credentials', async () => {
    const { url } = await awsStandIn({});
    const nobody = () => Promise.reject(Object.assign(new Error('no providers'), { name: 'CredentialsProviderError' }));
    const client = new CloudFormationClient({ ...clientConfig(url), credentials: nobody });

    await expect(stacksOf(client, 'staging')).rejects.toThrow('no AWS credentials were found; sign in');
  });

  it('are looked for where a region is named', async () => {
    const region = () => Promise.reject(new Error('Region is missing'));

    await expect(stacksOf({ config: { region } } as unknown as CloudFormationClient, 'staging')).rejects.toThrow(
      'no AWS region is named; set AWS_REGION, or a region in your AWS profile',
    );
  });
});

describe('a region', () => {
  it.each([
    ['by the option', 'eu-west-1', { AWS_REGION: 'us-east-1' }, { region: 'eu-west-1' }],
    ['by AWS_REGION', undefined, { AWS_REGION: 'us-east-1', AWS_DEFAULT_REGION: 'us-west-2' }, { region: 'us-east-1' }],
    ['by AWS_DEFAULT_REGION', undefined, { AWS_DEFAULT_REGION: 'us-west-2' }, { region: 'us-west-2' }],
    ['by the profile, where nothing else does', undefined, {}, {}],
  ])('is named %s', (_, option, env, expected) => {
    expect(inRegion(option, env)).toEqual(expected);
  });
});

describe('an output of a stage', () => {
  const stage = (...stacks: ReturnType<typeof aStage>) => found(describeStacks(stacks));

  it('is what its stack tells', async () => {
    expect(outputOf('staging', await stage(...aStage('staging')), 'InboxBucket')).toBe('kilat-staging-storage-inbox');
  });

  it('names the region that was searched where no stack is there', async () => {
    const nothing = await stage();

    expect(() => outputOf('staging', nothing, 'ApiUrl')).toThrow(
      "no stack of stage 'staging' is in us-east-1 for these AWS credentials; another region is named with AWS_REGION, " +
        'another account with AWS_PROFILE, and the stage is deployed with npm run deploy -- --stage staging',
    );
  });

  it('names the stack that is missing from a stage deployed in part', async () => {
    const part = await stage({ name: 'kilat-staging-storage' });

    expect(() => outputOf('staging', part, 'ApiUrl')).toThrow('kilat-staging-api is missing; finish it');
  });

  it('says what to do about a stack that failed', async () => {
    const failed = await stage({ name: 'kilat-staging-api', status: 'ROLLBACK_COMPLETE' });

    expect(() => outputOf('staging', failed, 'ApiUrl')).toThrow(
      /kilat-staging-api is in ROLLBACK_COMPLETE: its first creation failed.*delete-stack --stack-name kilat-staging-api/,
    );
  });

  it('asks for a deployment where the stack is older than the output', async () => {
    const old = await stage({ name: 'kilat-staging-storage' });

    expect(() => outputOf('staging', old, 'InboxBucket')).toThrow('has no output InboxBucket: an older Kilat made it');
  });
});

describe('the status of a stack', () => {
  const verdict = (status: string) => verdictOf({ name: 'kilat-staging-api', status, outputs: {} });

  it.each(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'UPDATE_ROLLBACK_COMPLETE'])('%s takes a deployment', (status) => {
    expect(verdict(status)).toEqual({ kind: 'ready' });
  });

  it('REVIEW_IN_PROGRESS is no obstacle, and told', () => {
    expect(verdict('REVIEW_IN_PROGRESS')).toMatchObject({ kind: 'note' });
  });

  it.each([
    ['ROLLBACK_COMPLETE', 'aws cloudformation delete-stack --stack-name kilat-staging-api'],
    ['ROLLBACK_FAILED', 'aws cloudformation delete-stack --stack-name kilat-staging-api'],
    ['UPDATE_ROLLBACK_FAILED', 'aws cloudformation continue-update-rollback --stack-name kilat-staging-api'],
    ['CREATE_FAILED', 'aws cloudformation rollback-stack --stack-name kilat-staging-api'],
    ['UPDATE_FAILED', 'aws cloudformation rollback-stack --stack-name kilat-staging-api'],
    ['DELETE_FAILED', '--retain-resources'],
    ['CREATE_IN_PROGRESS', 'wait until it has ended'],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'wait until it has ended'],
    ['UPDATE_COMPLETE_CLEANUP_IN_PROGRESS', 'wait until it has ended'],
    ['A_STATUS_OF_TOMORROW', 'describe-stack-events'],
  ])('%s stops it, and says: %s', (status, todo) => {
    expect(verdict(status)).toMatchObject({ kind: 'stop', todo: expect.stringContaining(todo) });
  });
});
