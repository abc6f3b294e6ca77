import { AwsError } from '../aws-json.ts';

/** What the query protocol of old called the errors. */
const QUERY_CODES: Readonly<Record<string, string>> = {
  ValidationException: 'ValidationError',
  InvalidParameterValueException: 'InvalidParameterValue',
  InvalidParameterCombinationException: 'InvalidParameterCombination',
  MissingRequiredParameterException: 'MissingParameter',
};

/** A refusal by CloudWatch. */
export class CloudWatchError extends AwsError {
  constructor(code: string, message: string) {
    super(code, message, { status: code === 'ResourceNotFound' ? 404 : 400, queryCode: QUERY_CODES[code] ?? code });
  }
}

export const invalidParameter = (message: string) => new CloudWatchError('InvalidParameterValueException', message);

export const invalidCombination = (message: string) =>
  new CloudWatchError('InvalidParameterCombinationException', message);

export const invalidRequest = (message: string) => new CloudWatchError('ValidationException', message);

export function required<T>(value: T | undefined | null, parameter: string): T {
  if (value === undefined || value === null || value === '') {
    throw new CloudWatchError('MissingRequiredParameterException', `The parameter ${parameter} is required.`);
  }
  return value;
}
