import type { IncomingHttpHeaders } from 'node:http';
import { type AuthorizeOperation, AwsError } from '../aws-json.ts';
import type { AccessRequest } from './access-request.ts';
import type { Iam } from './iam.ts';
import { signerOf } from './keyring.ts';
import type { Principal } from './principal.ts';
import { type RefusalSpelling, refusalMessage } from './refusal.ts';

/** By operation of a service, what a call asks for; none for operations that a token in the request allows. */
export type OperationAccess = Readonly<
  // biome-ignore lint/suspicious/noExplicitAny: each operation declares its own input, as where it is served
  Record<string, (input: any) => readonly AccessRequest[] | Promise<readonly AccessRequest[]>>
>;

/** How a service words its refusals. */
export interface RefusalStyle {
  /** 400 or 403: services differ. */
  readonly status: number;
  readonly spelling?: RefusalSpelling;
}

export interface GuardedOperations {
  readonly iam: Iam;
  /** The names of those that the service itself serves. */
  readonly operations: readonly string[];
  readonly access: OperationAccess;
  readonly style: RefusalStyle;
}

/**
 * Checks each call to a service against the policies of whoever signed it.
 * @throws {Error} where it is not said what an operation asks for
 */
export function authorizeOperations({ iam, operations, access, style }: GuardedOperations): AuthorizeOperation {
  const unguarded = operations.find((operation) => !(operation in access));
  if (unguarded) throw new Error(`nobody said what ${unguarded} asks for`);
  return async (input, { operation, headers }) => {
    const requestsOf = access[operation];
    if (!requestsOf) throw new AwsError('UnknownOperationException', `${operation} is not emulated`);
    const requests = await requestsOf(input);
    if (requests.length === 0) return;
    const principal = callerOf(iam, headers, style);
    for (const request of requests) assertAllowed(iam, principal, request, style);
  };
}

/** @throws {AwsError} MissingAuthenticationTokenException, UnrecognizedClientException */
export function callerOf(iam: Iam, headers: IncomingHttpHeaders, { status }: RefusalStyle): Principal {
  const accessKeyId = signerOf(headers.authorization);
  if (!accessKeyId) {
    const message = 'Request is missing Authentication Token';
    throw new AwsError('MissingAuthenticationTokenException', message, {
      status,
      queryCode: 'MissingAuthenticationToken',
    });
  }
  const token = headers['x-amz-security-token'];
  const principal = iam.keys.principalOf(accessKeyId, token === undefined ? undefined : String(token));
  if (principal) return principal;
  const message = 'The security token included in the request is invalid.';
  throw new AwsError('UnrecognizedClientException', message, { status, queryCode: 'InvalidClientTokenId' });
}

/** @throws {AwsError} AccessDeniedException */
export function assertAllowed(iam: Iam, principal: Principal, request: AccessRequest, style: RefusalStyle): void {
  const refusal = iam.check(principal, request);
  if (!refusal) return;
  const message = refusalMessage(refusal, style.spelling);
  throw new AwsError('AccessDeniedException', message, { status: style.status, queryCode: 'AccessDenied' });
}
