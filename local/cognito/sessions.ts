import { createHash, randomBytes } from 'node:crypto';
import type { Cognito } from './context.ts';
import { notAuthorized } from './errors.ts';
import type { Client, Session, User } from './model.ts';
import { tokenValidity } from './validity.ts';

/** Refresh tokens are kept as hashes: who reads the file cannot use them. */
const hashOf = (refreshToken: string) => createHash('sha256').update(refreshToken).digest('base64url');

/** Records a sign-in. The refresh token is opaque, as Cognito's is, and told only here. */
export function openSession(
  { store, now }: Cognito,
  client: Client,
  user: User,
  sign: Pick<Session, 'originJti' | 'authTime'>,
): string {
  const refreshToken = randomBytes(96).toString('base64url');
  store.sessions.put(sign.originJti, {
    ...sign,
    userPoolId: client.userPoolId,
    clientId: client.id,
    sub: user.sub,
    refreshTokenHash: hashOf(refreshToken),
    refreshExpiresAt: now() + tokenValidity(client.config).refreshSeconds * 1000,
    revoked: false,
  });
  return refreshToken;
}

/** The session that a refresh token continues, and its user as it is now. */
export function sessionToRefresh(
  cognito: Cognito,
  client: Client,
  refreshToken: string,
): { session: Session; user: User } {
  const session = findSession(cognito, refreshToken);
  if (session?.clientId !== client.id) throw notAuthorized('Invalid Refresh Token.');
  if (session.revoked) throw notAuthorized('Refresh Token has been revoked');
  if (session.refreshExpiresAt <= cognito.now()) throw notAuthorized('Refresh Token has expired');
  const user = cognito.store.users.get(session.sub);
  if (!user) throw notAuthorized('Invalid Refresh Token.');
  return { session, user };
}

export const findSession = ({ store }: Cognito, refreshToken: string): Session | undefined =>
  // `findBy` is blind to letter case, and a token is not.
  store.sessions
    .findBy('refreshTokenHash', hashOf(refreshToken))
    .find((s) => s.refreshTokenHash === hashOf(refreshToken));

export const isRevoked = ({ store }: Cognito, originJti: string): boolean =>
  store.sessions.get(originJti)?.revoked ?? true;

export function revokeSession({ store }: Cognito, session: Session): void {
  store.sessions.put(session.originJti, { ...session, revoked: true });
}

export function revokeAllSessions(cognito: Cognito, user: User): void {
  for (const session of cognito.store.sessions.findBy('sub', user.sub)) revokeSession(cognito, session);
}

export function deleteUser(cognito: Cognito, user: User): void {
  for (const { originJti } of cognito.store.sessions.findBy('sub', user.sub)) cognito.store.sessions.delete(originJti);
  cognito.store.users.delete(user.sub);
}
