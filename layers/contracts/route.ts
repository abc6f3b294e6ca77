import type * as z from 'zod';
import type { FunctionName } from './env.ts';
import type { ProblemCode } from './problem.ts';

/** The chapters of the API, and what each is about. */
export const tags = {
  predictions: 'Ask a model about a photo or rows of a table, and look up what it answered',
  jobs: 'Have many photos or rows predicted, and fetch the answers later',
  models: 'The models that this stage serves',
  runs: 'How models were trained, and what came of it',
  usage: 'What a tenant has used, and what it may use',
  platform: 'The API itself: health and description',
} as const;

/** One operation of the API: what the gateway routes, the handler reads and the OpenAPI document says. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'DELETE';
  readonly path: `/${string}`;
  readonly function: FunctionName;
  readonly access: 'token' | 'public';
  readonly tag: keyof typeof tags;
  readonly summary: string;
  readonly query?: z.ZodObject;
  readonly params?: z.ZodObject;
  /**
   * `prediction`: what a model is asked about: an image, as a multipart form, the bytes themselves or JSON that holds or
   * names it, or rows of a table as JSON; else JSON of a schema.
   */
  readonly body?: 'prediction' | z.ZodType;
  readonly response: z.ZodType;
  /** Counts its predictions in the day beside the request in the minute; its operation awaits `admitted`. */
  readonly predicts?: true;
  /** The status of success. @default 200 */
  readonly status?: 201 | 202;
  /** Writes where the caller's `If-Match` is still the ETag; the answer carries the next one. */
  readonly conditional?: true;
  /** The body of a 503 that is an answer and no problem document. */
  readonly unavailable?: z.ZodType;
  /** Refusals of this operation beside those that every one of its kind has. */
  readonly problems: readonly ProblemCode[];
}
