import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { onTestFinished } from 'vitest';
import { LOCAL_CREDENTIALS } from '../../local/service.ts';

export interface AwsAnswer {
  readonly status?: number;
  readonly body: string;
}

/** Operations by name; one that is not here is refused, as AWS refuses what it does not know. */
export type AwsAnswers = Readonly<Record<string, AwsAnswer | ((input: URLSearchParams) => AwsAnswer)>>;

/**
 * A server of the running test's own that answers as AWS does: CloudFormation and STS in XML over the query protocol,
 * SSM in JSON 1.1, Lambda in REST. What it answers is in the shape of AWS's own references.
 */
export async function awsStandIn(answers: AwsAnswers) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const input = new URLSearchParams(await text(request));
    const operation = operationOf(request.headers['x-amz-target'], input, request.url ?? '');
    asked.push(operation);
    const answer = answers[operation] ?? queryError('InvalidAction', `Could not find operation ${operation}`);
    const { status = 200, body } = typeof answer === 'function' ? answer(input) : answer;
    const type = body.startsWith('<') ? 'text/xml' : 'application/x-amz-json-1.1';
    response.writeHead(status, { 'content-type': type }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

const lambdaPaths: readonly [RegExp, string][] = [
  [/^\/2016-08-19\/account-settings/, 'GetAccountSettings'],
  [/^\/2019-09-30\/functions\/[^/]+\/concurrency/, 'GetFunctionConcurrency'],
];

function operationOf(target: string | string[] | undefined, input: URLSearchParams, path: string): string {
  const inPath = lambdaPaths.find(([pattern]) => pattern.test(path))?.[1];
  return inPath ?? input.get('Action') ?? String(target).split('.').at(-1)!;
}

/** What the SDK is told of where AWS is and who asks; nothing of the machine's own is read. */
export const standInEnv = (url: string): NodeJS.ProcessEnv => ({
  ...withoutAws,
  AWS_ENDPOINT_URL: url,
  AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId, // which the local services that stand in know as well
  AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
  AWS_REGION: 'eu-west-1',
});

/** A machine that nobody gave credentials. */
export const withoutAws: NodeJS.ProcessEnv = {
  AWS_PROFILE: undefined,
  AWS_REGION: undefined,
  AWS_DEFAULT_REGION: undefined,
  AWS_ACCESS_KEY_ID: undefined,
  AWS_SECRET_ACCESS_KEY: undefined,
  AWS_SESSION_TOKEN: undefined,
  AWS_CONFIG_FILE: '/dev/null',
  AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
  AWS_EC2_METADATA_DISABLED: 'true',
};

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html */
export const queryError = (code: string, message: string, status = 400): AwsAnswer => ({
  status,
  body: `<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
    <Code>${code}</Code><Message>${message}</Message></Error><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ErrorResponse>`,
});

export interface StackStandIn {
  readonly name: string;
  readonly status?: string;
  readonly outputs?: Readonly<Record<string, string>>;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html */
export const describeStacks = (stacks: readonly StackStandIn[], nextToken?: string): AwsAnswer => ({
  body: `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult>
    <Stacks>${stacks.map(memberOf).join('')}</Stacks>${nextToken ? `<NextToken>${nextToken}</NextToken>` : ''}
    </DescribeStacksResult><ResponseMetadata><RequestId>b9b4b068-3a41-11e5-94eb-example</RequestId></ResponseMetadata>
    </DescribeStacksResponse>`,
});

const memberOf = ({ name, status = 'CREATE_COMPLETE', outputs = {} }: StackStandIn): string => `<member>
  <StackName>${name}</StackName>
  <StackId>arn:aws:cloudformation:eu-west-1:123456789012:stack/${name}/aaf549a0-a413-11df-adb3-5081b3858e83</StackId>
  <CreationTime>2026-11-20T22:28:28Z</CreationTime><StackStatus>${status}</StackStatus><DisableRollback>false</DisableRollback>
  <Outputs>${Object.entries(outputs).map(outputMember).join('')}</Outputs></member>`;

const outputMember = ([key, value]: [string, string]): string =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;

/** A stage that stands, with what its stacks tell. */
export const aStage = (stage: string, outputs: Readonly<Record<string, string>> = {}): StackStandIn[] => [
  { name: `kilat-${stage}-storage`, outputs: { InboxBucket: `kilat-${stage}-storage-inbox`, ...outputs } },
  { name: `kilat-${stage}-identity`, outputs: { UserPoolId: 'eu-west-1_abc', UserPoolClientId: 'client', ...outputs } },
  { name: `kilat-${stage}-inference`, outputs: { PredictFunction: 'kilat-predict' } },
  { name: `kilat-${stage}-jobs` },
  {
    name: `kilat-${stage}-api`,
    status: 'UPDATE_COMPLETE',
    outputs: { ApiUrl: 'https://a1b2c3.execute-api.eu-west-1.amazonaws.com', ...outputs },
  },
];

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
export const callerIdentity = (account = '123456789012'): AwsAnswer => ({
  body: `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
    <Arn>arn:aws:iam::${account}:user/Alice</Arn><UserId>AIDACKCEVSQ6C2EXAMPLE</UserId><Account>${account}</Account>
    </GetCallerIdentityResult><ResponseMetadata><RequestId>01234567-89ab-cdef-0123-456789abcdef</RequestId></ResponseMetadata>
    </GetCallerIdentityResponse>`,
});

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_GetParameter.html */
export const bootstrapVersion = (version: number): AwsAnswer => ({
  body: JSON.stringify({
    Parameter: {
      ARN: 'arn:aws:ssm:eu-west-1:123456789012:parameter/cdk-bootstrap/hnb659fds/version',
      DataType: 'text',
      LastModifiedDate: 1530018761.888,
      Name: '/cdk-bootstrap/hnb659fds/version',
      Type: 'String',
      Value: String(version),
      Version: 1,
    },
  }),
});

export const jsonError = (type: string, message: string, status = 400): AwsAnswer => ({
  status,
  body: JSON.stringify({ __type: type, message }),
});

/** The settings of an account in https://github.com/aws-samples/s3-to-lambda-patterns/issues/36, with other limits. */
export const accountSettings = (limit: number, unreserved = limit): AwsAnswer => ({
  body: JSON.stringify({
    AccountLimit: {
      TotalCodeSize: 80530636800,
      CodeSizeUnzipped: 262144000,
      CodeSizeZipped: 52428800,
      ConcurrentExecutions: limit,
      UnreservedConcurrentExecutions: unreserved,
    },
    AccountUsage: { TotalCodeSize: 0, FunctionCount: 0 },
  }),
});

/** An account that a stage can be deployed to for the first time. */
export const anAccount = (changes: AwsAnswers = {}): AwsAnswers => ({
  GetCallerIdentity: callerIdentity(),
  DescribeStacks: describeStacks([]),
  GetParameter: bootstrapVersion(28),
  GetAccountSettings: accountSettings(1000),
  GetFunctionConcurrency: { body: '{}' },
  ...changes,
});
