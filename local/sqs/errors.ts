import { AwsError } from '../aws-json.ts';

/** Where the XML protocol of old had another code than the name of the error's shape. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  QueueDoesNotExist: 'AWS.SimpleQueueService.NonExistentQueue',
  QueueNameExists: 'QueueAlreadyExists',
  MessageNotInflight: 'AWS.SimpleQueueService.MessageNotInflight',
  UnsupportedOperation: 'AWS.SimpleQueueService.UnsupportedOperation',
  EmptyBatchRequest: 'AWS.SimpleQueueService.EmptyBatchRequest',
  TooManyEntriesInBatchRequest: 'AWS.SimpleQueueService.TooManyEntriesInBatchRequest',
  BatchEntryIdsNotDistinct: 'AWS.SimpleQueueService.BatchEntryIdsNotDistinct',
  InvalidBatchEntryId: 'AWS.SimpleQueueService.InvalidBatchEntryId',
  BatchRequestTooLong: 'AWS.SimpleQueueService.BatchRequestTooLong',
};

const NOT_FOUND = new Set(['ReceiptHandleIsInvalid', 'ResourceNotFoundException']);

/** A refusal by SQS, with the status and the code that its model gives the error. */
export class SqsError extends AwsError {
  constructor(code: string, message: string) {
    super(code, message, { status: NOT_FOUND.has(code) ? 404 : 400, queryCode: QUERY_CODES[code] ?? code });
  }
}

export const invalidValue = (parameter: string, value: unknown, reason: string) =>
  new SqsError('InvalidParameterValue', `Value ${value} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const wrongQueueType = (parameter: string, value: unknown) =>
  invalidValue(parameter, value, 'The request include parameter that is not valid for this queue type.');
