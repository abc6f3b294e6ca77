/** What a token says about its bearer, under the names that Cognito and the pre-token trigger write. */
export const claims = {
  tenantId: 'tenant_id',
  userId: 'sub',
  groups: 'cognito:groups',
  tokenUse: 'token_use',
} as const;

/** The user attribute that holds the tenant; set by an administrator, writable by no client. */
export const TENANT_ATTRIBUTE = 'tenant_id';

export const groups = { admin: 'admin', user: 'user' } as const;
export type Group = keyof typeof groups;

/** A tenant's id opens every key in S3 and DynamoDB, so it holds no separator. */
export const TENANT_ID_PATTERN = /^[A-Za-z0-9][A-Za-z0-9-]{0,63}$/;

/** Who asks. */
export interface Identity {
  readonly tenantId: string;
  readonly userId: string;
  readonly isAdmin: boolean;
}
