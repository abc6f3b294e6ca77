/** RFC 3526, group 15: Node keeps the number, so that the suite does not repeat ours. */
import { createHash, createHmac, getDiffieHellman, randomBytes } from 'node:crypto';
import { InitiateAuthCommand, RespondToAuthChallengeCommand } from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { aClient, aUser, aUserPool, type Cognito, cognitoUnderTest, PASSWORD, refusal } from './pool-fixtures.ts';

const hex = (text: string) => BigInt(`0x${text}`);
/** RFC 3526, group 15, out of Node: the suite does not repeat our number. */
const N = hex(getDiffieHellman('modp15').getPrime('hex'));
const sha256 = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest();
const hmac = (key: Buffer, ...parts: Buffer[]) => createHmac('sha256', key).update(Buffer.concat(parts)).digest();

/** Signed big-endian bytes, as Java's BigInteger.toByteArray gives them. */
function bytes(value: bigint): Buffer {
  const digits = value.toString(16);
  return Buffer.from(digits.length % 2 ? `0${digits}` : /^[89a-f]/.test(digits) ? `00${digits}` : digits, 'hex');
}

function modPow(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n;
  const half = modPow(base, exponent / 2n);
  return exponent % 2n ? (((half * half) % N) * base) % N : (half * half) % N;
}

/** The client's side of SRP-6a: S = (B - k * g^x) ^ (a + u * x). */
function claim(a: bigint, password: string, poolId: string, parameters: Record<string, string>) {
  const { SALT, SRP_B, SECRET_BLOCK, USER_ID_FOR_SRP } = parameters as Record<string, string>;
  const pool = Buffer.from(poolId.split('_')[1]!);
  const user = Buffer.from(USER_ID_FOR_SRP!);
  const B = hex(SRP_B!);
  const u = hex(sha256(bytes(modPow(2n, a)), bytes(B)).toString('hex'));
  const x = hex(sha256(bytes(hex(SALT!)), sha256(pool, user, Buffer.from(`:${password}`))).toString('hex'));
  const k = hex(sha256(bytes(N), bytes(2n)).toString('hex'));
  const S = modPow((((B - k * modPow(2n, x)) % N) + N) % N, a + u * x);
  const key = hmac(hmac(bytes(u), bytes(S)), Buffer.from('Caldera Derived Key\x01')).subarray(0, 16);
  const TIMESTAMP = 'Fri Nov 20 12:00:00 UTC 2026';
  const signature = hmac(key, pool, user, Buffer.from(SECRET_BLOCK!, 'base64'), Buffer.from(TIMESTAMP));
  return {
    USERNAME: USER_ID_FOR_SRP!,
    PASSWORD_CLAIM_SECRET_BLOCK: SECRET_BLOCK!,
    PASSWORD_CLAIM_SIGNATURE: signature.toString('base64'),
    TIMESTAMP,
  };
}

describe.skipIf(isRemote)('secure remote password', () => {
  let cognito: Cognito;
  let UserPoolId: string;
  let ClientId: string;

  beforeAll(async () => {
    cognito = await cognitoUnderTest();
    UserPoolId = await aUserPool(cognito);
    const client = await aClient(cognito, UserPoolId, {
      ExplicitAuthFlows: ['ALLOW_USER_SRP_AUTH'],
      PreventUserExistenceErrors: 'ENABLED',
    });
    ClientId = client.id;
  });
  afterAll(() => cognito.close());

  const begin = (USERNAME: string, SRP_A: string) =>
    cognito.api.send(
      new InitiateAuthCommand({ ClientId, AuthFlow: 'USER_SRP_AUTH', AuthParameters: { USERNAME, SRP_A } }),
    );
  const respond = (ChallengeResponses: Record<string, string>) =>
    cognito.api.send(
      new RespondToAuthChallengeCommand({ ClientId, ChallengeName: 'PASSWORD_VERIFIER', ChallengeResponses }),
    );
  const a = hex(randomBytes(128).toString('hex'));
  const A = modPow(2n, a).toString(16);
  const signInBySrp = async (user: string, password: string) => {
    const { ChallengeParameters } = await begin(user, A);
    return respond(claim(a, password, UserPoolId, ChallengeParameters!));
  };

  it('signs in without the password on the wire', async () => {
    const user = await aUser(cognito, UserPoolId, 'srp@example.com');

    const { AuthenticationResult } = await signInBySrp(user, PASSWORD);

    expect(AuthenticationResult!.AccessToken).toBeDefined();
  });

  it('refuses a proof by another password, and counts it', async () => {
    const user = await aUser(cognito, UserPoolId, 'srp-wrong@example.com');

    for (let i = 0; i < 5; i++)
      expect(await refusal(signInBySrp(user, 'wrong'))).toBe('NotAuthorizedException: Incorrect username or password.');

    expect(await refusal(signInBySrp(user, PASSWORD))).toBe('NotAuthorizedException: Password attempts exceeded');
  });

  it('takes each challenge once', async () => {
    const { ChallengeParameters } = await begin(await aUser(cognito, UserPoolId, 'srp-replay@example.com'), A);
    const proof = claim(a, PASSWORD, UserPoolId, ChallengeParameters!);

    await respond(proof);

    expect(await refusal(respond(proof))).toBe('NotAuthorizedException: Invalid session for the user.');
  });

  it('challenges a user who does not exist like any other', async () => {
    const { ChallengeName, ChallengeParameters } = await begin('nobody@example.com', A);

    expect(ChallengeName).toBe('PASSWORD_VERIFIER');
    const proof = claim(a, PASSWORD, UserPoolId, ChallengeParameters!);
    expect(await refusal(respond(proof))).toBe('NotAuthorizedException: Incorrect username or password.');
  });

  it('refuses a public value with which anybody knows the key (RFC 5054, 2.5.4)', async () => {
    const user = await aUser(cognito, UserPoolId, 'srp-zero@example.com');

    expect(await refusal(begin(user, '0'))).toContain('InvalidParameterException');
    expect(await refusal(begin(user, N.toString(16)))).toContain('InvalidParameterException');
  });
});
