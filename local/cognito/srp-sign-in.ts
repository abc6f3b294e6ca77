import { randomBytes } from 'node:crypto';
import { assertNotLocked, settleAttempt } from './attempts.ts';
import { closeChallenge, openChallenge, requireChallenge } from './challenges.ts';
import { assertSecretHash } from './clients.ts';
import { type AuthRequest, afterPassword, findUserToSignIn, requireParameter } from './complete-sign-in.ts';
import type { Cognito } from './context.ts';
import { invalidParameter, wrongCredentials } from './errors.ts';
import type { StoredPassword } from './model.ts';
import { isSrpPublic, srpChallenge, srpProves, srpVerifier } from './srp.ts';

/** USER_SRP_AUTH: answers with the PASSWORD_VERIFIER challenge, also to a user whom the client must not miss. */
export function initiateSrp(cognito: Cognito, request: AuthRequest) {
  const name = requireParameter(request, 'USERNAME');
  const clientPublic = requireParameter(request, 'SRP_A');
  assertSecretHash(request.client, name, request.parameters.SECRET_HASH);
  if (!isSrpPublic(clientPublic)) throw invalidParameter('Srp_A must be a hexadecimal number that N does not divide');
  const user = findUserToSignIn(cognito, request, name);
  if (user) assertNotLocked(cognito, user);
  const { salt, verifier } = user?.password?.srp ?? decoyVerifier(request, name);
  const { serverPrivate, serverPublic } = srpChallenge(verifier);
  const { id } = openChallenge(cognito, request.client, {
    name: 'PASSWORD_VERIFIER',
    srp: { clientPublic, serverPrivate },
    ...(user && { sub: user.sub }),
  });
  const username = user?.username ?? name;
  return {
    ChallengeName: 'PASSWORD_VERIFIER',
    ChallengeParameters: {
      SALT: salt,
      SECRET_BLOCK: id,
      SRP_B: serverPublic,
      USERNAME: username,
      USER_ID_FOR_SRP: username,
    },
  };
}

/** Nobody knows the password, so nobody can answer. */
const decoyVerifier = ({ pool }: AuthRequest, username: string): StoredPassword['srp'] => {
  const [password, salt] = [randomBytes(32).toString('hex'), randomBytes(16).toString('hex')];
  return srpVerifier({ userPoolId: pool.userPoolId, username, password, salt });
};

/** The answer to PASSWORD_VERIFIER. The challenge is spent whether or not the proof holds: one guess each. */
export async function answerPasswordVerifier(cognito: Cognito, request: AuthRequest) {
  const secretBlock = requireParameter(request, 'PASSWORD_CLAIM_SECRET_BLOCK');
  const timestamp = requireParameter(request, 'TIMESTAMP');
  const signature = requireParameter(request, 'PASSWORD_CLAIM_SIGNATURE');
  const challenge = requireChallenge(cognito, request.client, 'PASSWORD_VERIFIER', secretBlock);
  closeChallenge(cognito, challenge);
  const user = cognito.store.users.get(challenge.sub ?? '');
  if (!user?.password || !challenge.srp) throw wrongCredentials();
  const { userPoolId, username, password } = user;
  const exchange = { ...challenge.srp, verifier: password.srp.verifier, secretBlock, timestamp, signature };
  settleAttempt(cognito, user, srpProves({ userPoolId, username, ...exchange }));
  return afterPassword(cognito, request, user);
}
