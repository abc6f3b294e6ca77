import { AwsError } from '../aws-json.ts';
import { type FunctionReference, functionArn } from './function-configuration.ts';

/** @see https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
export const MAX_REQUEST_BYTES = { RequestResponse: 6_291_456, DryRun: 6_291_456, Event: 1_048_576 } as const;

const qualifiedArn = ({ name, qualifier }: FunctionReference) =>
  [functionArn(name), qualifier].filter((part) => part !== undefined).join(':');

export const functionNotFound = (reference: FunctionReference): AwsError =>
  new AwsError('ResourceNotFoundException', `Function not found: ${qualifiedArn(reference)}`, { status: 404 });

export const aliasNotFound = (name: string, alias: string): AwsError =>
  new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${functionArn(name)}:${alias}`, { status: 404 });

export const qualifiersDiffer = (): AwsError =>
  new AwsError(
    'InvalidParameterValueException',
    'The derived qualifier from the function name does not match the specified qualifier.',
  );

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
