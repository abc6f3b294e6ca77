import { AwsError } from '../aws-json.ts';
import { functionArn, functionName } from './function-configuration.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_REQUEST_BYTES = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const;

export const functionNotFound = (name: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${functionArn(functionName(name))}`, { status: 404 });

export const tooManyRequests = (): AwsError =>
  new AwsError('TooManyRequestsException', 'Rate Exceeded.', {
    status: 429,
    members: { Reason: 'ReservedFunctionConcurrentInvocationLimitExceeded' },
  });

export const requestTooLarge = (maxBytes: number): AwsError =>
  new AwsError(
    'RequestTooLargeException',
    `Request must be smaller than ${maxBytes} bytes for the InvokeFunction operation`,
    { status: 413 },
  );

export const invalidRequestContent = (reason: string): AwsError =>
  new AwsError('InvalidRequestContentException', `Could not parse request body into json: ${reason}`);

/** Said to those who wait in line when the local cloud stops. */
export const stopped = (): AwsError =>
  new AwsError('ServiceException', 'the local Lambda has stopped', { status: 500 });
