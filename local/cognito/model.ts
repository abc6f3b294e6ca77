import type {
  CreateGroupRequest,
  CreateResourceServerRequest,
  CreateUserPoolClientRequest,
  CreateUserPoolRequest,
  SchemaAttributeType,
} from '@aws-sdk/client-cognito-identity-provider';

/**
 * A shape of the SDK as it comes over the wire. The SDK types what the service insists on as `T | undefined`;
 * `assertRequired` has seen to those before an operation runs.
 */
export type Wire<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Attribute values by name; Cognito keeps every value as a string. */
export type Attributes = Record<string, string>;

interface Stored {
  readonly userPoolId: string;
  /** Epoch milliseconds, as every time that is stored. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

export interface UserPool extends Stored {
  /** What the pool was created or last updated with, word for word. */
  readonly config: Wire<CreateUserPoolRequest>;
  readonly schema: readonly SchemaAttributeType[];
}

export interface Client extends Stored {
  readonly id: string;
  readonly secret?: string;
  readonly config: Wire<CreateUserPoolClientRequest>;
}

export interface Group extends Stored {
  readonly config: Wire<CreateGroupRequest>;
}

export interface ResourceServer extends Stored {
  readonly config: Wire<CreateResourceServerRequest>;
}

export interface User extends Stored {
  /** The `sub` itself where the pool signs its users in by e-mail address or phone number. */
  readonly username: string;
  readonly sub: string;
  /** All but `sub`. */
  readonly attributes: Attributes;
  readonly groups: readonly string[];
  readonly status: 'UNCONFIRMED' | 'CONFIRMED' | 'FORCE_CHANGE_PASSWORD';
  readonly enabled: boolean;
  readonly password?: StoredPassword;
  readonly temporaryPasswordExpiresAt?: number | undefined;
  readonly failedSignIns?: FailedSignIns | undefined;
  readonly codes: Partial<Record<CodePurpose, Code>>;
}

/** What proves a password without telling it: a salted scrypt hash, and the verifier that SRP needs. */
export interface StoredPassword {
  readonly salt: string;
  readonly hash: string;
  readonly srp: { readonly salt: string; readonly verifier: string };
}

export interface FailedSignIns {
  readonly count: number;
  readonly lockedUntil: number;
}

export type CodePurpose = 'sign-up' | 'forgot-password' | 'verify-email' | 'verify-phone_number';

export interface Code {
  readonly value: string;
  readonly attribute: VerifiableAttribute;
  readonly expiresAt: number;
  readonly wrongGuesses: number;
}

export type VerifiableAttribute = 'email' | 'phone_number';

/** One sign-in and all tokens that come of it; `origin_jti` in the tokens names it. */
export interface Session {
  readonly originJti: string;
  readonly userPoolId: string;
  readonly clientId: string;
  readonly sub: string;
  readonly authTime: number;
  readonly refreshTokenHash: string;
  readonly refreshExpiresAt: number;
  readonly revoked: boolean;
}

/** A sign-in that waits for an answer. */
export interface Challenge {
  readonly id: string;
  readonly name: 'NEW_PASSWORD_REQUIRED' | 'PASSWORD_VERIFIER';
  readonly userPoolId: string;
  readonly clientId: string;
  /** Absent where the user does not exist and the client must not learn it. */
  readonly sub?: string;
  readonly expiresAt: number;
  readonly srp?: { readonly clientPublic: string; readonly serverPrivate: string };
}
