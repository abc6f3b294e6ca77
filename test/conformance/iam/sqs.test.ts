import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { afterAll, describe, expect, it } from 'vitest';
import { type Principal, type Statement, servicePrincipal } from '../../../local/iam/index.ts';
import { startSqs } from '../../../local/sqs/index.ts';
import { clientConfig } from '../../support/endpoint.ts';
import { allow, anAccount, aPolicy } from '../../support/iam.ts';

const account = await anAccount();
const dir = mkdtempSync(join(tmpdir(), 'kilat-iam-sqs-'));
const service = await startSqs({ dir, iam: account.iam });
const operator = new SQSClient(clientConfig(service.url));
afterAll(async () => {
  await service.close();
  rmSync(dir, { recursive: true });
});

async function aQueue() {
  const QueueName = `q-${crypto.randomUUID()}`;
  const { QueueUrl } = await operator.send(new CreateQueueCommand({ QueueName }));
  return { QueueUrl: QueueUrl!, arn: `arn:aws:sqs:us-east-1:000000000000:${QueueName}` };
}

function client(...statements: Statement[]) {
  const { config, name } = account.session(service.url, ...statements);
  return { name, sqs: new SQSClient(config) };
}

const send = (QueueUrl: string) => new SendMessageCommand({ QueueUrl, MessageBody: 'hello' });
const as = (principal: Principal) =>
  new SQSClient({ ...clientConfig(service.url), credentials: account.iam.keys.mint(principal) });

describe('a call', () => {
  it('is allowed by its action, and refused in the words of SQS without it', async () => {
    const { QueueUrl, arn } = await aQueue();
    const { sqs, name } = client(allow('sqs:SendMessage', arn));

    await sqs.send(send(QueueUrl));

    await expect(sqs.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toMatchObject({
      Code: 'AccessDenied',
      message: `User: ${name} is not authorized to perform: sqs:receivemessage on resource: ${arn} because no identity-based policy allows the sqs:receivemessage action`,
      $metadata: { httpStatusCode: 403 },
    });
  });

  it('of a batch is allowed by the action of its single form', async () => {
    const { QueueUrl, arn } = await aQueue();
    const { sqs } = client(allow('sqs:SendMessage', arn));
    const Entries = [{ Id: '1', MessageBody: 'hello' }];

    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));

    await expect(
      sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: '1', ReceiptHandle: 'r' }] })),
    ).rejects.toThrow('is not authorized to perform: sqs:deletemessage on resource');
  });

  it('that moves messages asks for all that is done with them', async () => {
    const { arn } = await aQueue();
    const start = new StartMessageMoveTaskCommand({ SourceArn: arn });

    await expect(client(allow('sqs:StartMessageMoveTask', arn)).sqs.send(start)).rejects.toThrow('sqs:receivemessage');
  });

  it('with a key that nobody has is refused', async () => {
    const { QueueUrl } = await aQueue();
    const credentials = { accessKeyId: 'ASIANOBODY', secretAccessKey: 's', sessionToken: 't' };

    await expect(
      new SQSClient({ ...clientConfig(service.url), credentials }).send(send(QueueUrl)),
    ).rejects.toMatchObject({
      Code: 'InvalidClientTokenId',
      message: 'The security token included in the request is invalid.',
    });
  });

  it('that nobody signed is refused', async () => {
    const headers = { 'x-amz-target': 'AmazonSQS.ListQueues', 'content-type': 'application/x-amz-json-1.0' };

    const response = await fetch(service.url, { method: 'POST', headers, body: '{}' });

    expect([response.status, ((await response.json()) as { __type: string }).__type]).toEqual([
      403,
      'com.amazonaws.sqs#MissingAuthenticationTokenException',
    ]);
  });
});

describe('the policy of a queue', () => {
  const bucket = 'arn:aws:s3:::inbox';
  const forBucket = (arn: string) =>
    allow('sqs:SendMessage', arn, {
      Principal: { Service: 's3.amazonaws.com' },
      Condition: { ArnLike: { 'aws:SourceArn': bucket } },
    });
  const setPolicy = (QueueUrl: string, ...statements: Statement[]) =>
    operator.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify(aPolicy(...statements)) } }),
    );

  it('lets a service send for the resource that it names, and for no other', async () => {
    const { QueueUrl, arn } = await aQueue();
    await setPolicy(QueueUrl, forBucket(arn));

    await as(servicePrincipal('s3.amazonaws.com', bucket)).send(send(QueueUrl));

    const others = [
      servicePrincipal('s3.amazonaws.com', `${bucket}-2`),
      servicePrincipal('events.amazonaws.com', bucket),
    ];
    for (const other of others) {
      await expect(as(other).send(send(QueueUrl))).rejects.toThrow(
        `User: ${other.name} is not authorized to perform: sqs:sendmessage on resource: ${arn} because no resource-based policy allows the sqs:sendmessage action`,
      );
    }
  });

  it('that denies plain HTTP denies nothing here', async () => {
    const { QueueUrl, arn } = await aQueue();
    const Condition = { Bool: { 'aws:SecureTransport': 'false' } };
    await setPolicy(QueueUrl, { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sqs:*', Resource: arn, Condition });

    await expect(client(allow('sqs:SendMessage', arn)).sqs.send(send(QueueUrl))).resolves.toBeDefined();
  });

  it('is refused where it reads a condition key that is not emulated', async () => {
    const { QueueUrl, arn } = await aQueue();
    const Condition = { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } };

    await expect(
      setPolicy(QueueUrl, allow('sqs:SendMessage', arn, { Principal: '*', Condition })),
    ).rejects.toMatchObject({ name: 'InvalidAttributeValue' });
  });
});
