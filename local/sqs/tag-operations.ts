import type { AwsOperation } from '../aws-json.ts';
import { SqsError } from './errors.ts';
import { required } from './parameters.ts';
import type { Sqs } from './state.ts';

const MAX_TAGS = 50;

export function tagOperations({ queues }: Sqs): Record<string, AwsOperation> {
  return {
    TagQueue: ({ QueueUrl, Tags }) => {
      const queue = queues.byUrl(QueueUrl);
      const tags = { ...queue.tags, ...required<Record<string, string>>(Tags, 'Tags') };
      if (Object.keys(tags).length > MAX_TAGS) {
        throw new SqsError('InvalidParameterValue', `Too many tags added for queue ${queue.name}.`);
      }
      queues.save({ ...queue, tags });
    },
    UntagQueue: ({ QueueUrl, TagKeys }) => {
      const queue = queues.byUrl(QueueUrl);
      const gone = new Set(required<string[]>(TagKeys, 'TagKeys'));
      queues.save({ ...queue, tags: Object.fromEntries(Object.entries(queue.tags).filter(([key]) => !gone.has(key))) });
    },
    ListQueueTags: ({ QueueUrl }) => {
      const { tags } = queues.byUrl(QueueUrl);
      return Object.keys(tags).length ? { Tags: tags } : {};
    },
  };
}
