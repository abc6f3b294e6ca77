import type { FieldError } from '@kilat/contracts';
import { InvalidRequestError } from '@kilat/core';
import type * as z from 'zod';

/**
 * Checks a part of a request.
 * @param part what is checked, as the message calls it
 * @throws {InvalidRequestError} naming every field that is wrong
 */
export function parseWith<S extends z.ZodType>(schema: S, value: unknown, part: string): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(
    (issue): FieldError => ({ pointer: issue.path.join('/'), detail: issue.message }),
  );
  throw new InvalidRequestError(`${part}: ${errors.map(describe).join('; ')}`, errors);
}

const describe = ({ pointer, detail }: FieldError): string => (pointer ? `'${pointer}' ${detail}` : detail);
