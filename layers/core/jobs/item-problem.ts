import { type ItemProblem, problems } from '@kilat/contracts';
import { PlatformError } from '../errors.ts';

/** A refusal for which the caller has to do something; all else is ours to try again. */
export const isRefusal = (error: unknown): error is PlatformError =>
  error instanceof PlatformError && problems[error.code].status < 500;

export const itemProblem = ({ code, message }: PlatformError): ItemProblem => ({
  code,
  ...problems[code],
  detail: message,
});
