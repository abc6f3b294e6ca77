import {
  CancelMessageMoveTaskCommand,
  CreateQueueCommand,
  ListDeadLetterSourceQueuesCommand,
  ListMessageMoveTasksCommand,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { bodiesOf, sqsUnderTest, TestQueue, uniqueName } from './queue-fixtures.ts';

const client = await sqsUnderTest();

/** A queue that gives up after so many receives, and where it gives up to. */
async function queueWithDeadLetters(maxReceiveCount: number) {
  const deadLetters = await TestQueue.create(client);
  const deadLetterTargetArn = await deadLetters.arn();
  const queue = await TestQueue.create(client, {
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount }),
  });
  return { queue, deadLetters };
}

async function withOneDeadLetter() {
  const queues = await queueWithDeadLetters(1);
  await queues.queue.send('poison', { MessageAttributes: { a: { DataType: 'String', StringValue: 'b' } } });
  const { MessageId } = await queues.queue.receiveOne();
  await queues.queue.receive();
  return { ...queues, messageId: MessageId };
}

const newestTask = async (queue: TestQueue) => {
  const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn: await queue.arn() }));
  return Results?.[0];
};

describe('a dead-letter queue', () => {
  it('gets a message after exactly maxReceiveCount receives', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(3);
    await queue.send('poison');

    const counts = [];
    for (let i = 0; i < 3; i++) counts.push((await queue.receiveOne()).Attributes?.ApproximateReceiveCount);

    expect(counts).toEqual(['1', '2', '3']);
    expect(await queue.receive()).toEqual([]);
    expect(bodiesOf(await deadLetters.receive())).toEqual(['poison']);
  });

  it('keeps id, body and attributes, counts on, and names the source', async () => {
    const { queue, deadLetters, messageId } = await withOneDeadLetter();

    const message = await deadLetters.receiveOne();

    expect(message.MessageId).toBe(messageId);
    expect(message.Body).toBe('poison');
    expect(message.MessageAttributes).toMatchObject({ a: { StringValue: 'b' } });
    expect(message.Attributes?.ApproximateReceiveCount).toBe('2');
    expect(message.Attributes?.DeadLetterQueueSourceArn).toBe(await queue.arn());
  });

  it('wakes those who wait for it', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(1);
    await queue.send('poison');
    const poll = deadLetters.receive({ WaitTimeSeconds: 5 });
    await queue.receiveOne();

    await queue.receive();

    expect(bodiesOf(await poll)).toEqual(['poison']);
  });

  it('does not delay the messages behind a poisonous one', async () => {
    const { queue } = await queueWithDeadLetters(1);
    await queue.send('poison');
    await queue.receiveOne();
    await queue.send('healthy');

    expect(bodiesOf(await queue.receive())).toEqual(['healthy']);
  });

  it('knows the queues that give up to it', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(1);

    const { queueUrls } = await client.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadLetters.url }));

    expect(queueUrls).toEqual([queue.url]);
  });

  it.each([
    ['does not exist', { deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:nowhere', maxReceiveCount: 1 }],
    ['is not named', { maxReceiveCount: 1 }],
  ])('is refused when it %s', async (_, policy) => {
    const Attributes = { RedrivePolicy: JSON.stringify(policy) };

    const error = await client.send(new CreateQueueCommand({ QueueName: uniqueName(), Attributes })).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it.each([0, 1001, 1.5])('is refused with a maxReceiveCount of %d', async (maxReceiveCount) => {
    const error = await queueWithDeadLetters(maxReceiveCount).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('may turn sources away', async () => {
    const deadLetters = await TestQueue.create(client, { RedriveAllowPolicy: '{"redrivePermission":"denyAll"}' });
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await deadLetters.arn(), maxReceiveCount: 1 });

    const error = await TestQueue.create(client, { RedrivePolicy }).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });
});

describe('a message move task', () => {
  it('brings dead letters back as new messages', async () => {
    const { queue, deadLetters, messageId } = await withOneDeadLetter();

    const { TaskHandle } = await client.send(new StartMessageMoveTaskCommand({ SourceArn: await deadLetters.arn() }));
    const message = await queue.receiveOne({ WaitTimeSeconds: 5 });

    expect(TaskHandle).toBeTruthy();
    expect(message.Body).toBe('poison');
    expect(message.MessageAttributes).toMatchObject({ a: { StringValue: 'b' } });
    expect(message.Attributes?.ApproximateReceiveCount).toBe('1');
    expect(message.MessageId).not.toBe(messageId);
    expect(await newestTask(deadLetters)).toMatchObject({
      Status: 'COMPLETED',
      ApproximateNumberOfMessagesMoved: 1,
      ApproximateNumberOfMessagesToMove: 1,
    });
  });

  it('takes them elsewhere when told to', async () => {
    const { deadLetters } = await withOneDeadLetter();
    const elsewhere = await TestQueue.create(client);

    await client.send(
      new StartMessageMoveTaskCommand({ SourceArn: await deadLetters.arn(), DestinationArn: await elsewhere.arn() }),
    );

    expect(bodiesOf(await elsewhere.receive({ WaitTimeSeconds: 5 }))).toEqual(['poison']);
  });

  it('moves at the rate that was asked for, and stops when cancelled', async () => {
    const { queue, deadLetters } = await queueWithDeadLetters(1);
    for (const body of ['a', 'b', 'c']) await queue.send(body);
    for (let i = 0; i < 2; i++) await queue.receive();
    const SourceArn = await deadLetters.arn();

    const { TaskHandle } = await client.send(
      new StartMessageMoveTaskCommand({ SourceArn, MaxNumberOfMessagesPerSecond: 1 }),
    );
    const second = await client.send(new StartMessageMoveTaskCommand({ SourceArn })).catch((e) => e);
    await queue.receive({ WaitTimeSeconds: 5 });
    const running = await newestTask(deadLetters);
    const cancelled = await client.send(new CancelMessageMoveTaskCommand({ TaskHandle }));

    expect(second.name).toBe('InvalidParameterValue');
    expect(running).toMatchObject({ Status: 'RUNNING', MaxNumberOfMessagesPerSecond: 1, TaskHandle });
    expect(cancelled.ApproximateNumberOfMessagesMoved).toBe(1);
    expect((await newestTask(deadLetters))?.Status).toBe('CANCELLED');
    expect(await deadLetters.attribute('ApproximateNumberOfMessages')).toBe('2');
  });

  it('needs a source that is a dead-letter queue', async () => {
    const queue = await TestQueue.create(client);

    const error = await client.send(new StartMessageMoveTaskCommand({ SourceArn: await queue.arn() })).catch((e) => e);

    expect(error.name).toBe('InvalidParameterValue');
  });

  it('needs a source that exists', async () => {
    const SourceArn = `arn:aws:sqs:us-east-1:000000000000:${uniqueName()}`;

    const error = await client.send(new StartMessageMoveTaskCommand({ SourceArn })).catch((e) => e);

    expect(error.name).toBe('ResourceNotFoundException');
  });

  it.skipIf(isRemote)('fails on a message that no queue gave up', async () => {
    const { deadLetters } = await queueWithDeadLetters(1);
    await deadLetters.send('sent here by hand');

    await client.send(new StartMessageMoveTaskCommand({ SourceArn: await deadLetters.arn() }));

    await expect
      .poll(() => newestTask(deadLetters))
      .toMatchObject({
        Status: 'FAILED',
        FailureReason: 'CouldNotDetermineMessageSource',
      });
    expect(bodiesOf(await deadLetters.receive())).toEqual(['sent here by hand']);
  });
});
