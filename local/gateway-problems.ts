import { PROBLEM_MEDIA_TYPE, type ProblemCode, problem } from '@kilat/contracts';
import type { RefusalStatus, WriteRefusal } from './http-api/index.ts';

/** What a client is told beside the title; of our own faults, nothing. */
const REFUSALS: Readonly<Record<RefusalStatus, { readonly code: ProblemCode; readonly detail?: string }>> = {
  400: { code: 'malformed-request', detail: 'the path is not well encoded' },
  401: { code: 'unauthorized', detail: 'the request carries no valid access token' },
  403: { code: 'forbidden', detail: 'the access token lacks a scope that the route asks for' },
  404: { code: 'route-not-found' },
  413: { code: 'payload-too-large', detail: 'the gateway takes no body of this size' },
  429: { code: 'too-many-requests', detail: 'more requests at once than the stage allows' },
  500: { code: 'internal-error' },
  503: { code: 'service-unavailable' },
};

/**
 * The gateway's own refusals as problem documents, as the functions write theirs; `message` is what AWS says. There,
 * an HTTP API answers with the message alone, and nobody can change that.
 */
export const problemRefusal: WriteRefusal = (status, { requestId, path, message }) => ({
  contentType: PROBLEM_MEDIA_TYPE,
  body: JSON.stringify({ ...problem({ ...REFUSALS[status], requestId, instance: path }), message }),
});
