import { describe, expect, it } from 'vitest';
import type { Account } from '../../cli/deploy/account.ts';
import { explain } from '../../cli/deploy/known-errors.ts';
import { preflight } from '../../cli/deploy/preflight.ts';

const anAccount = (parts: Partial<Account> = {}): Account => ({
  id: '123456789012',
  region: 'eu-west-1',
  caller: 'arn:aws:iam::123456789012:user/Alice',
  bootstrapVersion: 28,
  stacks: [],
  concurrency: { limit: 1000, unreserved: 1000, reservedByStage: 0 },
  unchecked: [],
  ...parts,
});

const builder = { command: 'docker', state: 'ready' } as const;

describe('a preflight', () => {
  it('finds nothing where all is well', () => {
    expect(preflight({ stage: 'staging' }, { account: anAccount(), builder })).toEqual([]);
  });

  it('refuses another account than the stage’s, and another region, and looks no further', () => {
    const plan = { stage: 'production', account: '999999999999', region: 'ap-southeast-1' };

    const findings = preflight(plan, { account: anAccount({ bootstrapVersion: 0 }), builder });

    expect(findings).toMatchObject([
      {
        kind: 'stop',
        what: "stage 'production' belongs to account 999999999999, and these credentials are for 123456789012",
        todo: expect.stringContaining('AWS_PROFILE'),
      },
      {
        kind: 'stop',
        what: "stage 'production' belongs in ap-southeast-1, and the environment names eu-west-1",
        todo: expect.stringContaining('AWS_REGION=ap-southeast-1'),
      },
    ]);
  });

  // Lambda lets an account reserve its unreserved concurrency minus 100.
  it.each([
    [900, []],
    [901, [{ kind: 'stop' }]],
  ])('sets %i of 1000 executions aside, or not', (reservedConcurrency, findings) => {
    const plan = { stage: 'production', reservedConcurrency };

    expect(preflight(plan, { account: anAccount(), builder })).toMatchObject(findings);
  });

  it('asks for as many executions as are missing', () => {
    const account = anAccount({ concurrency: { limit: 3000, unreserved: 200, reservedByStage: 0 } });

    const [finding] = preflight({ stage: 'production', reservedConcurrency: 150 }, { account, builder });

    expect(finding!.todo).toContain('--desired-value 3050 ');
  });
});

/** As they were met: each text is from the place named before it, with names of ours where its own were hidden. */
const met: readonly (readonly [string, string, RegExp])[] = [
  [
    'https://github.com/aws-amplify/amplify-cli/issues/13673',
    'Resource handler returned message: "Source image 123456789012.dkr.ecr.eu-west-1.amazonaws.com/cdk-hnb659fds:abc does not exist. Provide a valid source image. (Service: Lambda, Status Code: 400, Request ID: [request_id])" (RequestToken: [request_token], HandlerErrorCode: InvalidRequest)',
    /^The image 123456789012\.dkr\.ecr\S+:abc is not in the registry/,
  ],
  [
    'https://github.com/aws-samples/siem-on-amazon-opensearch-service/issues/175',
    'Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum value of [50]. (Service: Lambda, Status Code: 400, Request ID: 4403f994-b295-4947-adda-ce07c91448a3, Extended Request ID: null)" (RequestToken: a77c68cf-1e56-3a44-ee48-e0927b0ae179, HandlerErrorCode: InvalidRequest)',
    /inferenceConcurrency .* L-B99A9384/,
  ],
  [
    'https://github.com/awslabs/genai-bedrock-agent-chatbot/issues/4',
    'Resource handler returned message: "\'MemorySize\' value failed to satisfy constraint: Member must have value less than or equal to 3008 (Service: Lambda, Status Code: 400, Request ID: 4954a967-8967-4ad3-8539-a2252bd16eb9)"',
    /3008 MiB at most.*inferenceMemoryMiB/,
  ],
  [
    'https://github.com/cdklabs/cdk-stacksets/issues/327',
    "❌ Deployment failed: Error: stack: SSM parameter /cdk-bootstrap/hnb659fds/version not found. Has the environment been bootstrapped? Please run 'cdk bootstrap' (see https://docs.aws.amazon.com/cdk/latest/guide/bootstrapping.html)",
    /npx cdk bootstrap aws:\/\//,
  ],
  [
    'https://github.com/aws/aws-cdk/issues/8133',
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
    /start Docker/,
  ],
  [
    'https://github.com/aws/aws-cdk-cli/issues/124',
    "fail: Unable to execute 'docker' in order to build a container asset. Please install 'docker' and try again.",
    /start Docker/,
  ],
  [
    'aws-cdk 2.1148.1, lib/index.js:19608',
    "Failed to find and execute 'docker' while attempting to build a container asset. Please install 'docker' and try again. (Or set the 'CDK_DOCKER ' environment variable to choose a different compatible container client.)",
    /CDK_DOCKER/,
  ],
  [
    'https://github.com/aws/aws-cdk/issues/22074',
    'The security token included in the request is expired',
    /credentials have expired/,
  ],
  [
    'https://github.com/aws/aws-cdk/issues/24744',
    '❌ Deployment failed: Error: Unable to resolve AWS account to use. It must be either configured when you define your CDK Stack, or through the environment',
    /No AWS credentials were found/,
  ],
  [
    'aws-cdk 2.1148.1, lib/index.js:303277',
    'Need to perform AWS calls for account 999999999999, but the current credentials are for 123456789012',
    /another account than 123456789012/,
  ],
  [
    'https://github.com/aws-samples/amazon-rekognition-serverless-large-scale-image-and-video-processing/issues/6',
    'Stack Deployments Failed: Error: The stack named RekognitionPipelineStack failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE',
    /aws cloudformation delete-stack --stack-name RekognitionPipelineStack/,
  ],
  [
    'https://github.com/awsdocs/aws-codepipeline-user-guide/issues/5',
    'An error occurred (ValidationError) when calling the UpdateStack operation: Stack:arn:aws:cloudformation:eu-west-1:123456789012:stack/kilat-staging-api/aaf549a0 is in ROLLBACK_COMPLETE state and can not be updated.',
    /delete-stack --stack-name kilat-staging-api\)/,
  ],
  [
    'https://github.com/aws-solutions-library-samples/data-lakes-on-aws/issues/109',
    'Stack:arn:aws:cloudformation:x:x:stack/sdlf-foundations/xxx is in ROLLBACK_FAILED state and can not be updated.',
    /delete-stack --stack-name sdlf-foundations\)/,
  ],
  [
    'that same form',
    'Stack:arn:aws:cloudformation:x:x:stack/kilat-staging-api/xxx is in UPDATE_ROLLBACK_FAILED state and can not be updated.',
    /continue-update-rollback --stack-name kilat-staging-api,/,
  ],
  [
    'https://github.com/aws-samples/review-and-assessment-powered-by-intelligent-documentation/issues/50',
    'exec /bin/sh: exec format error',
    /another processor/,
  ],
  [
    'https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html',
    'User: arn:aws:iam::123456789012:user/mateojackson is not authorized to perform: my-example-widget:GetWidget on resource: my-example-widget',
    /may not do my-example-widget:GetWidget/,
  ],
];

describe('an error of a deployment', () => {
  it.each(met)('as met in %s is explained', (_, text, explanation) => {
    expect(explain(text).join('\n')).toMatch(explanation);
  });

  it('is explained before what follows from it', () => {
    const [cause, consequence] = explain(
      'The stack named kilat-staging-inference failed creation, it may need to be manually deleted from the AWS console: ROLLBACK_COMPLETE: Resource handler returned message: "Specified ReservedConcurrentExecutions for function decreases account\'s UnreservedConcurrentExecution below its minimum value of [10]. (Service: Lambda)"',
    );

    expect(cause).toContain('inferenceConcurrency');
    expect(consequence).toContain('delete-stack --stack-name kilat-staging-inference');
  });

  it('that nobody met before is left as it is', () => {
    expect(explain('something else')).toEqual([]);
  });
});
