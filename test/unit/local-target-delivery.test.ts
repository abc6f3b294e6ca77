import { beforeEach, describe, expect, it } from 'vitest';
import { AwsError } from '../../local/aws-json.ts';
import type { JsonObject } from '../../local/json.ts';
import { TargetDelivery } from '../../local/target-delivery.ts';
import type { Target } from '../../local/targets.ts';
import { ManualTimer } from '../support/manual-timer.ts';

const TARGET = 'arn:aws:lambda:us-east-1:000000000000:function:train';
const DEAD_LETTERS = 'arn:aws:sqs:us-east-1:000000000000:dead';
const ORIGIN = {
  service: 'events.amazonaws.com' as const,
  arn: 'arn:aws:scheduler:us-east-1:000000000000:schedule/default/weekly',
};

let timer: ManualTimer;
let failures: Error[];
let tries: number;
let sent: { target: Target; message: JsonObject }[];
let delivery: TargetDelivery;

beforeEach(() => {
  timer = new ManualTimer();
  failures = [];
  tries = 0;
  sent = [];
  const target = {
    deliver: async () => {
      tries += 1;
      const failure = failures.shift();
      if (failure) throw failure;
    },
    sendMessage: async (to: Target, message: JsonObject) => void sent.push({ target: to, message }),
  };
  delivery = new TargetDelivery(target, timer);
});

const throttled = () => new AwsError('TooManyRequestsException', 'slow down', { status: 429 });
const missing = () => new AwsError('ResourceNotFoundException', 'no such function', { status: 404 });
const deliver = (over: Partial<Target> = {}) => delivery.deliver({ Arn: TARGET, ...over }, { a: 1 }, ORIGIN);

describe('a target that fails', () => {
  it('for a while is tried again after 1, 2 and 4 seconds', async () => {
    failures = [throttled(), throttled(), throttled()];
    const delivered = deliver();

    expect([await timer.toNext(), await timer.toNext(), await timer.toNext()]).toEqual([1000, 2000, 4000]);
    await delivered;
    expect([tries, sent]).toEqual([4, []]);
  });

  it('for good is not tried again', async () => {
    failures = [missing()];

    await expect(deliver()).rejects.toMatchObject({ code: 'ResourceNotFoundException' });
    expect(tries).toBe(1);
  });

  it('leaves the event in its dead-letter queue, with what was wrong', async () => {
    failures = [throttled(), throttled()];
    const delivered = deliver({ RetryPolicy: { MaximumRetryAttempts: 1 }, DeadLetterConfig: { Arn: DEAD_LETTERS } });
    await timer.toNext();
    await delivered;

    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    expect(sent).toEqual([
      {
        target: { Arn: DEAD_LETTERS },
        message: {
          MessageBody: '{"a":1}',
          MessageAttributes: {
            RULE_ARN: text(ORIGIN.arn),
            TARGET_ARN: text(TARGET),
            ERROR_CODE: text('TooManyRequestsException'),
            ERROR_MESSAGE: text('slow down'),
            RETRY_ATTEMPTS: text('1'),
            EXHAUSTED_RETRY_CONDITION: text('MaximumRetryAttempts'),
          },
        },
      },
    ]);
  });

  it('is given up when the event is too old', async () => {
    failures = Array.from({ length: 9 }, throttled);
    const delivered = deliver({
      RetryPolicy: { MaximumEventAgeInSeconds: 4 },
      DeadLetterConfig: { Arn: DEAD_LETTERS },
    });
    await timer.toNext();
    await timer.toNext();
    await delivered;

    const { EXHAUSTED_RETRY_CONDITION } = sent[0]!.message.MessageAttributes as JsonObject;
    expect(EXHAUSTED_RETRY_CONDITION).toMatchObject({ StringValue: 'MaximumEventAgeInSeconds' });
  });

  it('is left alone once the local cloud stops', async () => {
    failures = [throttled()];
    const delivered = deliver();
    delivery.close();

    await expect(delivered).resolves.toBeUndefined();
    expect(tries).toBe(1);
  });
});
