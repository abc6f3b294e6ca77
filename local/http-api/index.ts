export type { Cors, HttpApiDefinition, JwtAuthorizer, Route, Throttling } from './definition.ts';
export type { HttpApiEvent } from './event.ts';
export { type HttpApiOptions, type RequestFacts, startHttpApi } from './http-api.ts';
export type { Invoke } from './integration.ts';
export { awsRefusal, type RefusalStatus, type RefusedRequest, type WriteRefusal } from './refusal.ts';
