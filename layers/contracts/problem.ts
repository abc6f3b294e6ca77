import * as z from 'zod';

/**
 * Every refusal that the API knows, with its status and its title. A code is a promise to clients: it never changes
 * its meaning, and a new one without a row here does not compile.
 */
export const problems = {
  'malformed-request': { status: 400, title: 'Malformed request' },
  'invalid-request': { status: 400, title: 'Invalid request' },
  unauthorized: { status: 401, title: 'Unauthorized' },
  forbidden: { status: 403, title: 'Forbidden' },
  'route-not-found': { status: 404, title: 'Route not found' },
  'model-not-found': { status: 404, title: 'Model not found' },
  'prediction-not-found': { status: 404, title: 'Prediction not found' },
  'job-not-found': { status: 404, title: 'Job not found' },
  'model-version-not-found': { status: 404, title: 'Model version not found' },
  'run-not-found': { status: 404, title: 'Run not found' },
  'artefact-not-found': { status: 404, title: 'Artefact not found' },
  'idempotency-key-in-use': { status: 409, title: 'Idempotency key in use' },
  'job-has-ended': { status: 409, title: 'Job has ended' },
  'job-result-not-available': { status: 409, title: 'Job result not available' },
  'no-previous-version': { status: 409, title: 'No previous version' },
  'run-in-progress': { status: 409, title: 'Run in progress' },
  'precondition-failed': { status: 412, title: 'Precondition failed' },
  'payload-too-large': { status: 413, title: 'Payload too large' },
  'image-too-large': { status: 413, title: 'Image too large' },
  'unsupported-media-type': { status: 415, title: 'Unsupported media type' },
  'unsupported-image-format': { status: 415, title: 'Unsupported image format' },
  'undecodable-image': { status: 422, title: 'Undecodable image' },
  'image-too-many-pixels': { status: 422, title: 'Image has too many pixels' },
  'image-url-not-allowed': { status: 422, title: 'Image URL not allowed' },
  'image-url-unreachable': { status: 422, title: 'Image URL unreachable' },
  'idempotency-key-reused': { status: 422, title: 'Idempotency key reused' },
  'too-many-items': { status: 422, title: 'Too many items' },
  'source-not-found': { status: 422, title: 'Source not found' },
  'invalid-manifest': { status: 422, title: 'Invalid manifest' },
  'webhook-url-not-allowed': { status: 422, title: 'Webhook URL not allowed' },
  'webhook-not-delivered': { status: 422, title: 'Webhook not delivered' },
  'invalid-instances': { status: 422, title: 'Invalid instances' },
  'invalid-feedback': { status: 422, title: 'Invalid feedback' },
  'model-refused': { status: 422, title: 'Model refused' },
  'not-trainable': { status: 422, title: 'Not trainable' },
  'wrong-task': { status: 422, title: 'Wrong task' },
  'precondition-required': { status: 428, title: 'Precondition required' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'internal-error': { status: 500, title: 'Internal server error' },
  'store-unavailable': { status: 503, title: 'Store unavailable' },
  'service-unavailable': { status: 503, title: 'Service unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problems;

export const problemCodes = Object.keys(problems) as [ProblemCode, ...ProblemCode[]];

/** The media type of RFC 9457. */
export const PROBLEM_MEDIA_TYPE = 'application/problem+json';

/** One field that was refused; `pointer` says where: a query parameter's name, or a JSON pointer into the body. */
export const fieldErrorSchema = z.object({
  pointer: z.string().meta({ examples: ['top_k'] }),
  detail: z.string().meta({ examples: ['too big: expected number to be <=1000'] }),
});
export type FieldError = z.infer<typeof fieldErrorSchema>;

/** A problem document (RFC 9457) with the platform's extension members; the gateway's own have `message` beside them. */
export const problemSchema = z
  .looseObject({
    type: z.string().meta({ examples: ['/problems/model-not-found'] }),
    title: z.string(),
    status: z.int().min(400).max(599),
    detail: z.string().optional(),
    instance: z.string().meta({ description: 'the path of the request' }),
    code: z.enum(problemCodes),
    request_id: z.string(),
    error: z.string().optional().meta({ description: '`detail` again, where Open Inference Protocol clients look' }),
    errors: z.array(fieldErrorSchema).optional(),
    retry_after_seconds: z.int().optional().meta({ description: 'as in the field Retry-After' }),
  })
  .meta({ id: 'Problem', description: 'A problem document (RFC 9457)' });
export type Problem = z.infer<typeof problemSchema>;

export interface ProblemFacts {
  readonly code: ProblemCode;
  readonly requestId: string;
  readonly instance: string;
  readonly detail?: string | undefined;
  readonly errors?: readonly FieldError[] | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

/** Makes the document. A fault of ours (5xx) never carries detail. */
export function problem({ code, requestId, instance, detail, errors, retryAfterSeconds }: ProblemFacts): Problem {
  const { status, title } = problems[code];
  const open = status < 500;
  return {
    type: code === 'internal-error' ? 'about:blank' : `/problems/${code}`,
    title,
    status,
    ...(open && detail ? { detail, error: detail } : {}),
    instance,
    code,
    request_id: requestId,
    ...(open && errors && errors.length > 0 ? { errors: [...errors] } : {}),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
  };
}
