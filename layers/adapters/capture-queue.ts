import { GetQueueAttributesCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { CaptureMessage } from '@kilat/contracts';
import type { CaptureQueue } from '@kilat/core';
import { aws } from './aws-clients.ts';

export const captureQueue = (queueUrl: string): CaptureQueue => ({
  async send(predictions) {
    const message: CaptureMessage = { predictions: [...predictions] };
    await aws.sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: JSON.stringify(message) }));
  },

  async check() {
    await aws.sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }));
  },
});
