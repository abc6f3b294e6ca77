export type { AccessRequest, Context, ResourcePolicy } from './access-request.ts';
export { type Grant, grantsIn, idOf } from './grant.ts';
export { Iam, type IamOptions } from './iam.ts';
export { type Credentials, Keyring, signerOf } from './keyring.ts';
export {
  assertAllowed,
  authorizeOperations,
  callerOf,
  type OperationAccess,
  type RefusalStyle,
} from './operation-access.ts';
export { PolicyError, readPolicy } from './policy.ts';
export type { PolicyDocument, Statement } from './policy-document.ts';
export { operator, type Principal, roleSession, servicePrincipal } from './principal.ts';
export { type Refusal, refusalMessage } from './refusal.ts';
export type { NamedPolicy, Role } from './role.ts';
