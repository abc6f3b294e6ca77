import { SendMessageBatchCommand } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { bodiesOf, sqsUnderTest, TestQueue } from './queue-fixtures.ts';

const client = await sqsUnderTest();
const MEBIBYTE = 1024 * 1024;

const sendBatch = (queue: TestQueue, entries: Array<{ Id: string; MessageBody: string; DelaySeconds?: number }>) =>
  client.send(new SendMessageBatchCommand({ QueueUrl: queue.url, Entries: entries }));

describe('SendMessage', () => {
  // The example of https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
  it('answers with the digests of body and attributes that AWS documents', async () => {
    const queue = await TestQueue.create(client);

    const sent = await queue.send('This is a test message', {
      MessageAttributes: {
        my_attribute_name_1: { DataType: 'String', StringValue: 'my_attribute_value_1' },
        my_attribute_name_2: { DataType: 'String', StringValue: 'my_attribute_value_2' },
      },
    });

    expect(sent.MD5OfMessageBody).toBe('fafb00f5732ab283681e124bf8747ed1');
    expect(sent.MD5OfMessageAttributes).toBe('c48838208d2b4e14e3ca0093a8443f09');
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('carries body and attributes of every type unchanged', async () => {
    const queue = await TestQueue.create(client);
    const attributes = {
      text: { DataType: 'String', StringValue: 'petir — kilat ⚡' },
      number: { DataType: 'Number.int', StringValue: '-42' },
      bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 254, 255]) },
    };

    const sent = await queue.send('héllo\n\t{"a":1} 🌩', { MessageAttributes: attributes });
    const received = await queue.receiveOne();

    expect(received.Body).toBe('héllo\n\t{"a":1} 🌩');
    expect(received.MessageAttributes).toMatchObject(attributes);
    expect(received.MD5OfMessageAttributes).toBe(sent.MD5OfMessageAttributes);
  });

  it('takes a message of 1 MiB and no byte more', async () => {
    const queue = await TestQueue.create(client);

    await queue.send('x'.repeat(MEBIBYTE));
    const error = await queue.send('x'.repeat(MEBIBYTE + 1)).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
    expect(error.message).toMatch(/Message must be shorter than 1048576 bytes/);
  });

  it('counts bytes, not characters, and the attributes too', async () => {
    const queue = await TestQueue.create(client, { MaximumMessageSize: '1024' });
    const attribute = (value: string) => ({ MessageAttributes: { abc: { DataType: 'String', StringValue: value } } });

    await queue.send('é'.repeat(512));
    await queue.send('x'.repeat(1000), attribute('y'.repeat(15)));
    const body = await queue.send('é'.repeat(513)).catch((e) => e);
    const attributes = await queue.send('x'.repeat(1000), attribute('y'.repeat(16))).catch((e) => e);

    expect(body.name).toBe('InvalidParameterValue');
    expect(attributes.name).toBe('InvalidParameterValue');
  });

  it.each(['\u0000', '\u0008', '\u001b', '\uffff'])('refuses the character %j', async (character) => {
    const queue = await TestQueue.create(client);

    const error = await queue.send(`a${character}b`).catch((e) => e);

    expect(error.name).toBe('InvalidMessageContents');
  });

  it('refuses an empty body', async () => {
    const queue = await TestQueue.create(client);

    const error = await queue.send('').catch((e) => e);

    expect(error.name).toMatch(/^Missing(Required)?Parameter/);
  });

  it.each([
    ['an empty value', { a: { DataType: 'String', StringValue: '' } }],
    ['a number that is none', { a: { DataType: 'Number', StringValue: 'many' } }],
    ['an unknown type', { a: { DataType: 'Text', StringValue: 'b' } }],
    ['a reserved name', { 'AWS.a': { DataType: 'String', StringValue: 'b' } }],
  ])('refuses an attribute with %s', async (_, MessageAttributes) => {
    const queue = await TestQueue.create(client);

    const error = await queue.send('body', { MessageAttributes }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('refuses a delay over 15 minutes', async () => {
    const queue = await TestQueue.create(client);

    const error = await queue.send('body', { DelaySeconds: 901 }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('keeps the trace header of X-Ray', async () => {
    const queue = await TestQueue.create(client);
    const header = 'Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1';

    await queue.send('traced', {
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: header } },
    });

    expect((await queue.receiveOne()).Attributes?.AWSTraceHeader).toBe(header);
  });
});

describe('SendMessageBatch', () => {
  it('sends ten messages at once', async () => {
    const queue = await TestQueue.create(client);
    const bodies = Array.from({ length: 10 }, (_, i) => `message ${i}`);

    const { Successful } = await sendBatch(
      queue,
      bodies.map((MessageBody, i) => ({ Id: `id-${i}`, MessageBody })),
    );

    expect(Successful?.map(({ Id }) => Id)).toEqual(bodies.map((_, i) => `id-${i}`));
    expect(bodiesOf(await queue.receive()).sort()).toEqual(bodies);
  });

  it('sends the good entries when one is refused', async () => {
    const queue = await TestQueue.create(client);

    const { Successful, Failed } = await sendBatch(queue, [
      { Id: 'good', MessageBody: 'ok' },
      { Id: 'bad', MessageBody: 'late', DelaySeconds: 901 },
    ]);

    expect(Successful?.map(({ Id }) => Id)).toEqual(['good']);
    expect(Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'InvalidParameterValue' }]);
    expect(bodiesOf(await queue.receive())).toEqual(['ok']);
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    [
      'eleven entries',
      Array.from({ length: 11 }, (_, i) => ({ Id: `${i}`, MessageBody: 'b' })),
      'TooManyEntriesInBatchRequest',
    ],
    ['an id twice', ['a', 'a'].map((Id) => ({ Id, MessageBody: 'b' })), 'BatchEntryIdsNotDistinct'],
    ['an id with a space', [{ Id: 'a b', MessageBody: 'b' }], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB in all',
      ['a', 'b'].map((Id) => ({ Id, MessageBody: 'x'.repeat(MEBIBYTE / 2 + 1) })),
      'BatchRequestTooLong',
    ],
  ])('refuses %s', async (_, entries, name) => {
    const queue = await TestQueue.create(client);

    const error = await sendBatch(queue, entries).catch((e) => e);

    expect(error.name).toBe(name);
    expect(error.Code).toBe(`AWS.SimpleQueueService.${name}`);
  });
});
