import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  SetQueueAttributesCommand,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { sqsUnderTest, TestQueue, uniqueName } from './queue-fixtures.ts';

const client = await sqsUnderTest();
const aPolicy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Deny', Principal: '*', Action: 'sqs:PurgeQueue', Resource: '*' }],
});

describe('SQS queues', () => {
  it.skipIf(isRemote)('have a URL with the address of the server, the account and the name', async () => {
    const queue = await TestQueue.create(client);

    expect(queue.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/000000000000\/conformance-[0-9a-f-]+$/);
  });

  it('are found by their name', async () => {
    const queue = await TestQueue.create(client);
    const name = queue.url.split('/').at(-1);

    const { QueueUrl } = await client.send(new GetQueueUrlCommand({ QueueName: name }));

    expect(QueueUrl).toBe(queue.url);
  });

  it('do not exist until they are created', async () => {
    const error = await client.send(new GetQueueUrlCommand({ QueueName: uniqueName() })).catch((e) => e);

    expect(error.name).toBe('QueueDoesNotExist');
    expect(error.Code).toBe('AWS.SimpleQueueService.NonExistentQueue');
    expect(error.$metadata.httpStatusCode).toBe(400);
  });

  it.skipIf(isRemote)('are recognised by a URL of another host and port', async () => {
    const queue = await TestQueue.create(client);
    const name = queue.url.split('/').at(-1);
    const elsewhere = new TestQueue(client, `https://sqs.us-east-1.amazonaws.com/000000000000/${name}`);

    await elsewhere.send('hello');

    expect((await queue.receiveOne()).Body).toBe('hello');
  });

  it('have the defaults of AWS', async () => {
    const queue = await TestQueue.create(client);

    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['All'] }),
    );

    expect(Attributes).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      DelaySeconds: '0',
      MaximumMessageSize: '1048576',
      MessageRetentionPeriod: '345600',
      ReceiveMessageWaitTimeSeconds: '0',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '30',
    });
    expect(Attributes?.QueueArn).toMatch(/^arn:aws:sqs:us-east-1:\d{12}:conformance-/);
    expect(Attributes?.CreatedTimestamp).toMatch(/^\d{10}$/);
    expect(Attributes?.LastModifiedTimestamp).toMatch(/^\d{10}$/);
    expect(Attributes).not.toHaveProperty('RedrivePolicy');
  });

  it('show only the attributes that are asked for', async () => {
    const queue = await TestQueue.create(client, { DelaySeconds: '5' });

    const { Attributes } = await client.send(
      new GetQueueAttributesCommand({ QueueUrl: queue.url, AttributeNames: ['DelaySeconds', 'Policy'] }),
    );

    expect(Attributes).toEqual({ DelaySeconds: '5' });
  });

  it('are created anew without an error when the attributes agree', async () => {
    const QueueName = uniqueName();
    const Attributes = { VisibilityTimeout: '60', Policy: aPolicy };

    const first = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    const same = await client.send(new CreateQueueCommand({ QueueName, Attributes }));
    const unspecified = await client.send(new CreateQueueCommand({ QueueName }));

    expect(same.QueueUrl).toBe(first.QueueUrl);
    expect(unspecified.QueueUrl).toBe(first.QueueUrl);
  });

  it('are not created anew with another attribute', async () => {
    const QueueName = uniqueName();
    await client.send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '60' } }));

    const error = await client
      .send(new CreateQueueCommand({ QueueName, Attributes: { VisibilityTimeout: '61' } }))
      .catch((e) => e);

    expect(error.name).toBe('QueueNameExists');
    expect(error.Code).toBe('QueueAlreadyExists');
  });

  it.each<[string, Record<string, string>, string]>([
    ['an unknown attribute', { Colour: 'blue' }, 'InvalidAttributeName'],
    ['a visibility timeout over twelve hours', { VisibilityTimeout: '43201' }, 'InvalidAttributeValue'],
    ['a retention under a minute', { MessageRetentionPeriod: '59' }, 'InvalidAttributeValue'],
    ['a delay that is no number', { DelaySeconds: 'soon' }, 'InvalidAttributeValue'],
    ['a policy that is no JSON', { Policy: 'allow' }, 'InvalidAttributeValue'],
    ['FIFO deduplication on a standard queue', { ContentBasedDeduplication: 'true' }, 'InvalidAttributeName'],
  ])('are not created with %s', async (_, Attributes, name) => {
    const error = await client.send(new CreateQueueCommand({ QueueName: uniqueName(), Attributes })).catch((e) => e);

    expect(error.name).toBe(name);
  });

  it.each(['no spaces', 'no.dots', 'x'.repeat(81)])('cannot be named %s', async (QueueName) => {
    const error = await client.send(new CreateQueueCommand({ QueueName })).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('take other attributes later, and keep the rest', async () => {
    const queue = await TestQueue.create(client, { DelaySeconds: '5', VisibilityTimeout: '60' });

    await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { VisibilityTimeout: '90' } }));

    expect(await queue.attribute('VisibilityTimeout')).toBe('90');
    expect(await queue.attribute('DelaySeconds')).toBe('5');
  });

  it('lose a policy that is set to nothing', async () => {
    const queue = await TestQueue.create(client, { Policy: aPolicy });

    await client.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { Policy: '' } }));

    expect((await queue.attribute('Policy')) ?? '').toBe('');
  });

  it('are listed by the start of their name, page by page', async () => {
    const prefix = uniqueName();
    const names = ['a', 'b', 'c'].map((suffix) => `${prefix}-${suffix}`);
    for (const QueueName of names) await client.send(new CreateQueueCommand({ QueueName }));

    const first = await client.send(new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 2 }));
    const second = await client.send(
      new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 2, NextToken: first.NextToken }),
    );

    const listed = [...(first.QueueUrls ?? []), ...(second.QueueUrls ?? [])];
    expect(first.QueueUrls).toHaveLength(2);
    expect(listed.map((url) => url.split('/').at(-1)).sort()).toEqual(names);
    expect(second.NextToken).toBeUndefined();
  });

  it('are gone once deleted, with their messages', async () => {
    const QueueName = uniqueName();
    const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName }));
    const queue = new TestQueue(client, QueueUrl as string);
    await queue.send('gone');

    await client.send(new DeleteQueueCommand({ QueueUrl }));
    const error = await queue.receive().catch((e) => e);
    await client.send(new CreateQueueCommand({ QueueName }));

    expect(error.name).toBe('QueueDoesNotExist');
    expect(await queue.receive()).toEqual([]);
  });

  it('lose every message to a purge, those in flight and delayed too', async () => {
    const queue = await TestQueue.create(client);
    for (const body of ['in flight', 'ready']) await queue.send(body);
    await queue.send('delayed', { DelaySeconds: 60 });
    await queue.receiveOne();

    await client.send(new PurgeQueueCommand({ QueueUrl: queue.url }));

    expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('0');
    expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('0');
    expect(await queue.attribute('ApproximateNumberOfMessagesDelayed')).toBe('0');
  });

  it('count what is ready, in flight and delayed', async () => {
    const queue = await TestQueue.create(client);
    for (const body of ['1', '2', '3']) await queue.send(body);
    await queue.send('later', { DelaySeconds: 60 });
    await queue.receiveOne();

    expect(await queue.attribute('ApproximateNumberOfMessages')).toBe('2');
    expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('1');
    expect(await queue.attribute('ApproximateNumberOfMessagesDelayed')).toBe('1');
  });

  it('carry tags, from creation and later', async () => {
    const { QueueUrl } = await client.send(
      new CreateQueueCommand({ QueueName: uniqueName(), tags: { team: 'ml', cost: 'low' } }),
    );

    await client.send(new TagQueueCommand({ QueueUrl, Tags: { cost: 'high', stage: 'test' } }));
    await client.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['team'] }));

    const { Tags } = await client.send(new ListQueueTagsCommand({ QueueUrl }));
    expect(Tags).toEqual({ cost: 'high', stage: 'test' });
  });
});
