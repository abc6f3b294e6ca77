import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudWatchClient, ListMetricsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  DescribeUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { afterAll, describe, expect, it } from 'vitest';
import { startCloudWatch } from '../../../local/cloudwatch/index.ts';
import { startEventBridge } from '../../../local/eventbridge/index.ts';
import { type Iam, servicePrincipal } from '../../../local/iam/index.ts';
import { allow, anAccount, aPolicy } from '../../support/iam.ts';
import { aFunction, listenedLambda } from '../../support/lambda-fixtures/functions.ts';
import { aClient, aUser, aUserPool, cognitoUnderTest, signIn } from '../cognito/pool-fixtures.ts';

const account = await anAccount();
const arnOf = (service: string, resource: string) => `arn:aws:${service}:us-east-1:000000000000:${resource}`;

describe('CloudWatch', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'kilat-iam-cloudwatch-'));
  const service = await startCloudWatch({ dir, iam: account.iam });
  afterAll(async () => {
    await service.close();
    rmSync(dir, { recursive: true });
  });

  it('takes metrics of the namespace that a condition names, and of no other', async () => {
    const Condition = { StringEquals: { 'cloudwatch:namespace': 'Kilat' } };
    const { config, name } = account.session(service.url, allow('cloudwatch:PutMetricData', '*', { Condition }));
    const client = new CloudWatchClient(config);
    const put = (Namespace: string) =>
      client.send(new PutMetricDataCommand({ Namespace, MetricData: [{ MetricName: 'errors', Value: 1 }] }));

    await put('Kilat');

    await expect(put('Other')).rejects.toMatchObject({
      Code: 'AccessDenied',
      message: `User: ${name} is not authorized to perform: cloudwatch:PutMetricData on resource: * because no identity-based policy allows the cloudwatch:PutMetricData action`,
    });
    await expect(client.send(new ListMetricsCommand({}))).rejects.toMatchObject({ Code: 'AccessDenied' });
  });
});

describe('EventBridge', async () => {
  const service = await startEventBridge({ iam: account.iam, onEvent: async () => {}, onFault: console.error });
  afterAll(() => service.close());
  service.createBus('jobs');
  const jobs = arnOf('events', 'event-bus/jobs');
  const Entry = { EventBusName: 'jobs', Source: 'kilat', DetailType: 'ended', Detail: '{}' };

  it('takes events for the bus of the grant; one entry for another refuses them all', async () => {
    const { config, name } = account.session(service.url, allow('events:PutEvents', jobs));
    const client = new EventBridgeClient(config);
    const put = (...Entries: (typeof Entry)[]) => client.send(new PutEventsCommand({ Entries }));

    expect((await put(Entry)).FailedEntryCount).toBe(0);

    await expect(put(Entry, { ...Entry, EventBusName: 'default' })).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${name} is not authorized to perform: events:PutEvents on resource: ${arnOf('events', 'event-bus/default')} because no identity-based policy allows the events:PutEvents action`,
    });
  });

  it('takes the events that a condition or the policy of the bus allows', async () => {
    const Condition = { StringEquals: { 'events:detail-type': 'ended' } };
    const ofRole = account.session(service.url, allow('events:PutEvents', jobs, { Condition }));
    const ofBus = account.session(service.url);
    const grant = allow('events:PutEvents', jobs, { Principal: { AWS: ofBus.arn } });
    service.setPolicy('jobs', JSON.stringify(aPolicy(grant)));
    const put = (session: typeof ofRole, DetailType: string) =>
      new EventBridgeClient(session.config).send(new PutEventsCommand({ Entries: [{ ...Entry, DetailType }] }));

    await put(ofRole, 'ended');
    await put(ofBus, 'begun');

    await expect(put(ofRole, 'begun')).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });
});

describe('Lambda', async () => {
  const arn = arnOf('lambda', 'function:echo');
  const api = `${arnOf('execute-api', 'abc')}/*/*/v1/predict`;
  const Condition = { ArnLike: { 'aws:SourceArn': api } };
  const permission = allow('lambda:InvokeFunction', arn, {
    Principal: { Service: 'apigateway.amazonaws.com' },
    Condition,
  });
  const policy = JSON.stringify(aPolicy(permission));
  const lambda = await listenedLambda([aFunction('echo', { policy, versions: ['1'], aliases: { live: '1' } })], {
    iam: account.iam,
  });
  afterAll(() => lambda.close());

  it('runs a function for a role that may invoke it, and refuses others', async () => {
    const { config, name } = account.session(lambda.url, allow('lambda:InvokeFunction', arn));
    const client = new LambdaClient(config);

    expect((await client.send(new InvokeCommand({ FunctionName: 'echo' }))).StatusCode).toBe(200);

    await expect(client.send(new ListFunctionsCommand({}))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${name} is not authorized to perform: lambda:ListFunctions on resource: * because no identity-based policy allows the lambda:ListFunctions action`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('takes what is allowed on a function for no leave to call its aliases', async () => {
    const { config } = account.session(lambda.url, allow('lambda:InvokeFunction', arn));

    const invoke = new LambdaClient(config).send(new InvokeCommand({ FunctionName: 'echo:live' }));

    await expect(invoke).rejects.toThrow(`on resource: ${arn}:live because`);
  });

  it('runs a function for a service by a permission with the source, and for no other source', async () => {
    const invoke = (path: string) => {
      const caller = servicePrincipal('apigateway.amazonaws.com', `${arnOf('execute-api', 'abc')}/$default/${path}`);
      return lambda.invoke('echo', {}, { caller });
    };

    expect((await invoke('POST/v1/predict')).statusCode).toBe(200);
    await expect(invoke('POST/v1/jobs')).rejects.toThrow(
      'no resource-based policy allows the lambda:InvokeFunction action',
    );
  });
});

describe('Cognito', async () => {
  /** Runs the trigger as Lambda would: the function's policy lets no pool do so. */
  const refusing = (iam: Iam) => async (functionArn: string, _: unknown, poolArn: string) => {
    const lambda = await listenedLambda([aFunction('echo', { arn: functionArn })], { iam });
    const caller = servicePrincipal('cognito-idp.amazonaws.com', poolArn);
    return lambda.invoke('echo', {}, { caller }).finally(() => lambda.close());
  };
  const cognito = await cognitoUnderTest({ iam: account.iam, invokeLambda: refusing(account.iam) });
  afterAll(() => cognito.close());

  it('lets a role administer the pool of its grant alone', async () => {
    const [UserPoolId, other] = [await aUserPool(cognito), await aUserPool(cognito)];
    const { config, name } = account.session(
      cognito.url,
      allow('cognito-idp:DescribeUserPool', arnOf('cognito-idp', `userpool/${UserPoolId}`)),
    );
    const client = new CognitoIdentityProviderClient(config);

    await client.send(new DescribeUserPoolCommand({ UserPoolId }));

    await expect(client.send(new DescribeUserPoolCommand({ UserPoolId: other }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: `User: ${name} is not authorized to perform: cognito-idp:DescribeUserPool on resource: ${arnOf('cognito-idp', `userpool/${other}`)} because no identity-based policy allows the cognito-idp:DescribeUserPool action`,
    });
    await expect(client.send(new AdminGetUserCommand({ UserPoolId, Username: 'a' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it('signs users in without any credentials of AWS', async () => {
    const UserPoolId = await aUserPool(cognito);
    const client = await aClient(cognito, UserPoolId);
    const Username = await aUser(cognito, UserPoolId, 'ani@example.com');
    const credentials = { accessKeyId: 'nobody', secretAccessKey: 'nothing' };
    const api = new CognitoIdentityProviderClient({ endpoint: cognito.url, region: 'us-east-1', credentials });

    expect((await signIn({ api }, client.id, Username)).accessToken).toBeDefined();
  });

  it('signs nobody in while it may not invoke the trigger', async () => {
    const PreTokenGeneration = arnOf('lambda', 'function:echo');
    const UserPoolId = await aUserPool(cognito, { LambdaConfig: { PreTokenGeneration } });
    const client = await aClient(cognito, UserPoolId);
    const Username = await aUser(cognito, UserPoolId, 'ani@example.com');

    await expect(signIn(cognito, client.id, Username)).rejects.toMatchObject({
      name: 'UnexpectedLambdaException',
      message: 'PreTokenGeneration invocation failed due to error AccessDeniedException.',
    });
  });
});
