import { randomBytes } from 'node:crypto';
import type { Cognito } from './context.ts';
import { notAuthorized } from './errors.ts';
import type { Challenge, Client } from './model.ts';

/** Keeps a sign-in that waits for an answer; its id is the session (or the secret block of SRP) the client sends back. */
export function openChallenge(
  { store, now }: Cognito,
  client: Client,
  facts: Pick<Challenge, 'name' | 'sub' | 'srp'>,
): Challenge {
  const id = randomBytes(96).toString('base64');
  const expiresAt = now() + (client.config.AuthSessionValidity ?? 3) * 60_000;
  return store.challenges.put(id, { id, userPoolId: client.userPoolId, clientId: client.id, expiresAt, ...facts });
}

export function requireChallenge({ store, now }: Cognito, client: Client, name: Challenge['name'], id = ''): Challenge {
  const challenge = store.challenges.get(id);
  if (challenge?.name !== name || challenge.clientId !== client.id) throw invalidSession();
  if (challenge.expiresAt <= now()) throw notAuthorized('Invalid session for the user, session is expired.');
  return challenge;
}

/** Uses the challenge up: of two answers to one challenge, the second is refused. */
export function closeChallenge({ store }: Cognito, { id }: Challenge): void {
  if (!store.challenges.delete(id)) throw invalidSession();
}

const invalidSession = () => notAuthorized('Invalid session for the user.');
