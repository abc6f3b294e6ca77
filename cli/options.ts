import { InvalidArgumentError, Option } from 'commander';
import type * as z from 'zod';

/** Turns a schema of the contracts into a check that commander reports as wrong usage. */
export const as =
  <T>(schema: z.ZodType<T>) =>
  (value: unknown): T => {
    const parsed = schema.safeParse(value);
    if (!parsed.success) throw new InvalidArgumentError(parsed.error.issues[0]!.message);
    return parsed.data;
  };

/** For an option that may be given again. */
export const collect = (text: string, earlier: readonly string[] = []): string[] => [...earlier, text];

/** For commands that print one thing after another: each is a line, at once. */
export const linesOption = (): Option => new Option('--json', 'print JSON, one line each');
