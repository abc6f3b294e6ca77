import type { Clock } from '../service.ts';
import type { SigningKeys } from './keys.ts';
import type { CodePurpose } from './model.ts';
import type { Store } from './store.ts';

/** A code or a temporary password on its way to a user, in place of the e-mail or SMS that AWS would send. */
export interface CodeDelivery {
  readonly purpose: CodePurpose | 'temporary-password';
  readonly userPoolId: string;
  readonly username: string;
  readonly medium: 'EMAIL' | 'SMS';
  readonly destination: string;
  readonly code: string;
}

/** Runs a trigger for a pool and resolves to the event that it returned; rejects when the function fails. */
export type InvokeTrigger = (functionArn: string, event: unknown, poolArn: string) => Promise<unknown>;

/** What the operations share. */
export interface Cognito {
  readonly store: Store;
  readonly keys: SigningKeys;
  readonly now: Clock;
  /** Makes the confirmation code that goes to a destination. */
  readonly codes: (destination: string) => string;
  readonly deliver: (delivery: CodeDelivery) => void;
  readonly invokeLambda: InvokeTrigger;
}
