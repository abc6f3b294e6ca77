import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { bodiesOf, sqsUnderTest, TestQueue } from './queue-fixtures.ts';

const client = await sqsUnderTest();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('ReceiveMessage', () => {
  it('says nothing of messages when there is none', async () => {
    const queue = await TestQueue.create(client);

    expect(await queue.receive()).toEqual([]);
  });

  it('tells who sent a message, when, and how often it was received', async () => {
    const queue = await TestQueue.create(client, { VisibilityTimeout: '0' });
    const before = Date.now();
    await queue.send('counted');

    const first = await queue.receiveOne();
    const second = await queue.receiveOne();

    expect(first.Attributes?.ApproximateReceiveCount).toBe('1');
    expect(second.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(second.Attributes?.SenderId).toBeTruthy();
    expect(Number(second.Attributes?.SentTimestamp)).toBeGreaterThanOrEqual(before - 1000);
    expect(second.Attributes?.ApproximateFirstReceiveTimestamp).toBe(
      first.Attributes?.ApproximateFirstReceiveTimestamp,
    );
    expect(second.MessageId).toBe(first.MessageId);
    expect(second.ReceiptHandle).not.toBe(first.ReceiptHandle);
  });

  it('gives only the attributes that are asked for', async () => {
    const queue = await TestQueue.create(client, { VisibilityTimeout: '0' });
    const attribute = (StringValue: string) => ({ DataType: 'String', StringValue });
    await queue.send('named', {
      MessageAttributes: { 'app.a': attribute('1'), 'app.b': attribute('2'), other: attribute('3') },
    });

    const none = await queue.receiveOne({ MessageAttributeNames: [], MessageSystemAttributeNames: [] });
    const prefixed = await queue.receiveOne({ MessageAttributeNames: ['app.*'] });
    const named = await queue.receiveOne({
      MessageAttributeNames: ['other'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });

    expect(none.MessageAttributes).toBeUndefined();
    expect(none.Attributes).toBeUndefined();
    expect(Object.keys(prefixed.MessageAttributes ?? {}).sort()).toEqual(['app.a', 'app.b']);
    expect(Object.keys(named.MessageAttributes ?? {})).toEqual(['other']);
    expect(named.Attributes).toEqual({ ApproximateReceiveCount: '3' });
  });

  it('hides a message that is in flight', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('hidden');
    await queue.receiveOne();

    expect(await queue.receive()).toEqual([]);
  });

  it.each([
    ['more than ten messages', { MaxNumberOfMessages: 11 }],
    ['a wait over twenty seconds', { WaitTimeSeconds: 21 }],
    ['a visibility timeout over twelve hours', { VisibilityTimeout: 43_201 }],
  ])('refuses %s', async (_, options) => {
    const queue = await TestQueue.create(client);

    const error = await queue.receive(options).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });
});

describe('a long poll', () => {
  it('wakes at once when a message is sent', async () => {
    const queue = await TestQueue.create(client);
    const poll = queue.receive({ WaitTimeSeconds: 10 });
    await pause(200);

    const sentAt = performance.now();
    await queue.send('wake');
    const messages = await poll;

    expect(bodiesOf(messages)).toEqual(['wake']);
    expect(performance.now() - sentAt).toBeLessThan(isRemote ? 2000 : 250);
  });

  it('wakes when a visibility timeout ends', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('again');
    await queue.receiveOne({ VisibilityTimeout: 1 });

    const startedAt = performance.now();
    const messages = await queue.receive({ WaitTimeSeconds: 10 });

    expect(bodiesOf(messages)).toEqual(['again']);
    expect(performance.now() - startedAt).toBeLessThan(isRemote ? 4000 : 1300);
  });

  it('wakes when a delay ends', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('later', { DelaySeconds: 1 });

    const early = await queue.receive();
    const messages = await queue.receive({ WaitTimeSeconds: 10 });

    expect(early).toEqual([]);
    expect(bodiesOf(messages)).toEqual(['later']);
  });

  it('wakes when a message is given back', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('returned');
    const { ReceiptHandle } = await queue.receiveOne();
    const poll = queue.receive({ WaitTimeSeconds: 5 });
    await pause(100);

    await queue.changeVisibility(ReceiptHandle, 0);

    expect(bodiesOf(await poll)).toEqual(['returned']);
  });

  it('ends empty after its wait', async () => {
    const queue = await TestQueue.create(client, { ReceiveMessageWaitTimeSeconds: '1' });

    const startedAt = performance.now();
    const messages = await queue.receive();

    expect(messages).toEqual([]);
    expect(performance.now() - startedAt).toBeGreaterThan(950);
  });

  it('takes no message after its client has hung up', async () => {
    const queue = await TestQueue.create(client);
    const hangUp = new AbortController();
    const poll = client
      .send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 10 }), { abortSignal: hangUp.signal })
      .catch((e) => e);
    await pause(100);
    hangUp.abort();
    await poll;
    await pause(100);

    await queue.send('for another');

    expect(bodiesOf(await queue.receive())).toEqual(['for another']);
  });

  it.skipIf(isRemote)('ends with an error when the queue is deleted', async () => {
    const queue = await TestQueue.create(client);
    const poll = queue.receive({ WaitTimeSeconds: 10 }).catch((e) => e);
    await pause(100);

    await client.send(new DeleteQueueCommand({ QueueUrl: queue.url }));

    expect((await poll).name).toBe('QueueDoesNotExist');
  });
});

describe('a receipt handle', () => {
  it('deletes the message it was given for', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('done');
    const { ReceiptHandle } = await queue.receiveOne({ VisibilityTimeout: 0 });

    await queue.delete(ReceiptHandle);
    await queue.delete(ReceiptHandle);

    expect(await queue.receive()).toEqual([]);
  });

  it('deletes nothing once the message was received again', async () => {
    const queue = await TestQueue.create(client, { VisibilityTimeout: '0' });
    await queue.send('kept');
    const stale = await queue.receiveOne();
    await queue.receiveOne();

    await queue.delete(stale.ReceiptHandle);

    expect(bodiesOf(await queue.receive())).toEqual(['kept']);
  });

  it('is refused when it is no handle of the queue', async () => {
    const queue = await TestQueue.create(client);
    const other = await TestQueue.create(client);
    await other.send('elsewhere');
    const { ReceiptHandle } = await other.receiveOne();

    const garbage = await queue.delete('garbage').catch((e) => e);
    const foreign = await queue.delete(ReceiptHandle).catch((e) => e);

    expect(garbage.name).toBe('ReceiptHandleIsInvalid');
    expect(garbage.$metadata.httpStatusCode).toBe(404);
    expect(foreign.name).toBe('ReceiptHandleIsInvalid');
  });

  it('gives the message back with a visibility timeout of zero', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('back');
    const { ReceiptHandle } = await queue.receiveOne();

    await queue.changeVisibility(ReceiptHandle, 0);

    expect((await queue.receiveOne()).Attributes?.ApproximateReceiveCount).toBe('2');
  });

  it('keeps the message longer', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('held');
    const { ReceiptHandle } = await queue.receiveOne({ VisibilityTimeout: 1 });

    await queue.changeVisibility(ReceiptHandle, 60);

    expect(await queue.receive({ WaitTimeSeconds: 2 })).toEqual([]);
  });

  it('cannot hold a message that was deleted', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('deleted');
    const { ReceiptHandle } = await queue.receiveOne();
    await queue.delete(ReceiptHandle);

    const error = await queue.changeVisibility(ReceiptHandle, 10).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('cannot hold a message that is no longer in flight', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('landed');
    const { ReceiptHandle } = await queue.receiveOne({ VisibilityTimeout: 0 });

    const error = await queue.changeVisibility(ReceiptHandle, 10).catch((e) => e);

    expect(error.name).toBe('MessageNotInflight');
  });
});

describe('a batch of receipt handles', () => {
  it('deletes the messages of good handles and names the bad ones', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('a');
    const { ReceiptHandle } = await queue.receiveOne({ VisibilityTimeout: 0 });

    const { Successful, Failed } = await client.send(
      new DeleteMessageBatchCommand({
        QueueUrl: queue.url,
        Entries: [
          { Id: 'good', ReceiptHandle },
          { Id: 'bad', ReceiptHandle: 'garbage' },
        ],
      }),
    );

    expect(Successful).toEqual([{ Id: 'good' }]);
    expect(Failed).toMatchObject([{ Id: 'bad', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    expect(await queue.receive()).toEqual([]);
  });

  it('gives messages back together', async () => {
    const queue = await TestQueue.create(client);
    await queue.send('a');
    await queue.send('b');
    const received = await queue.receive();

    const { Successful, Failed } = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl: queue.url,
        Entries: received.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle, VisibilityTimeout: 0 })),
      }),
    );

    expect(Successful).toHaveLength(received.length);
    expect(Failed ?? []).toEqual([]);
    expect(bodiesOf(await queue.receive()).sort()).toEqual(['a', 'b']);
  });
});

describe('a queue under load', () => {
  it('loses and doubles nothing among 500 concurrent sends and receives', async () => {
    const queue = await TestQueue.create(client);
    const bodies = Array.from({ length: 500 }, (_, i) => String(i));
    const received: string[] = [];
    const consume = async () => {
      while (received.length < bodies.length) {
        const messages = await queue.receive({ WaitTimeSeconds: 1 });
        received.push(...messages.map(({ Body }) => Body as string));
        await Promise.all(messages.map(({ ReceiptHandle }) => queue.delete(ReceiptHandle as string)));
      }
    };

    await Promise.all([...bodies.map((body) => queue.send(body)), ...Array.from({ length: 20 }, consume)]);

    expect(received.map(Number).sort((a, b) => a - b)).toEqual(bodies.map(Number));
    expect(await queue.attribute('ApproximateNumberOfMessagesNotVisible')).toBe('0');
  });
});
