import type * as z from 'zod';
import type { FunctionName } from './env.ts';
import type { ProblemCode } from './problem.ts';

/** The chapters of the API, and what each is about. */
export const tags = {
  predictions: 'Ask a model, and look up what it answered',
  jobs: 'Have many photos classified, and fetch the answers later',
  models: 'The models that this stage serves',
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
  /** `image`: a multipart form, the bytes themselves, or JSON that holds or names the image; else JSON of a schema. */
  readonly body?: 'image' | z.ZodType;
  readonly response: z.ZodType;
  /** Counts a prediction of the day beside the request of the minute; its operation awaits `admitted`. */
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
