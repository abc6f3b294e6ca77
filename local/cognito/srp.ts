import { createHash, createHmac, randomBytes } from 'node:crypto';
import { isSameSecret } from './constant-time.ts';
import type { StoredPassword } from './model.ts';

/**
 * The Secure Remote Password protocol (SRP-6a, RFC 5054) in Cognito's dialect: the 3072-bit group, SHA-256, numbers
 * hashed with a leading zero byte where their highest bit is set, and a key of 16 bytes out of an HKDF.
 * Written against the client in amazon-cognito-identity-js 6.
 */
const N = BigInt(
  '0xFFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B' +
    '302B0A6DF25F14374FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7EDEE386BFB5A899FA5AE9F24117C4B1FE6' +
    '49286651ECE45B3DC2007CB8A163BF0598DA48361C55D39A69163FA8FD24CF5F83655D23DCA3AD961C62F356208552BB9ED529077096966D' +
    '670C354E4ABC9804F1746C08CA18217C32905E462E36CE3BE39E772C180E86039B2783A2EC07A28FB5C55DF06F4C52C9DE2BCBF695581718' +
    '3995497CEA956AE515D2261898FA051015728E5A8AAAC42DAD33170D04507A33A85521ABDF1CBA64ECFB850458DBEF0A8AEA71575D060C7D' +
    'B3970F85A6E1E4C7ABF5AE8CDB0933D71E8C94E04A25619DCEE3D2261AD2EE6BF12FFA06D98A0864D87602733EC86A64521F2B18177B200C' +
    'BBE117577A615D6C770988C0BAD946E208E24FA074E5AB3143DB5BFCE0FD108E4B82D120A93AD2CAFFFFFFFFFFFFFFFF',
);
const g = 2n;

const sha256 = (...parts: (string | Buffer)[]) =>
  parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const hmac = (key: Buffer, ...parts: (string | Buffer)[]) =>
  parts.reduce((mac, part) => mac.update(part), createHmac('sha256', key)).digest();
const toNumber = (bytes: Buffer) => BigInt(`0x${bytes.toString('hex')}`);

/** A number as two's complement bytes: without the leading zero, a set highest bit would mean a negative one. */
function bytesOf(number: bigint): Buffer {
  const hex = number.toString(16);
  const even = hex.length % 2 ? `0${hex}` : hex;
  return Buffer.from(/^[89a-f]/.test(even) ? `00${even}` : even, 'hex');
}

const k = toNumber(sha256(bytesOf(N), bytesOf(g)));

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  let square = base % N;
  for (let bits = exponent; bits > 0n; bits >>= 1n) {
    if (bits & 1n) result = (result * square) % N;
    square = (square * square) % N;
  }
  return result;
}

/** The pool's name in SRP: its id without the region. */
const poolName = (userPoolId: string) => userPoolId.split('_')[1] ?? userPoolId;

export interface SrpCredentials {
  readonly userPoolId: string;
  readonly username: string;
  readonly password: string;
  /** Hexadecimal. */
  readonly salt: string;
}

/** What the server keeps in place of the password: v = g^x. */
export function srpVerifier({ userPoolId, username, password, salt }: SrpCredentials): StoredPassword['srp'] {
  const identity = sha256(`${poolName(userPoolId)}${username}:${password}`);
  const x = toNumber(sha256(bytesOf(BigInt(`0x${salt}`)), identity));
  return { salt, verifier: power(g, x).toString(16) };
}

/** The server's half of one exchange. `serverPrivate` is kept for the answer; `serverPublic` is SRP_B. */
export function srpChallenge(verifier: string): { serverPrivate: string; serverPublic: string } {
  const b = toNumber(randomBytes(32));
  return { serverPrivate: b.toString(16), serverPublic: publicOf(b, verifier).toString(16) };
}

const publicOf = (b: bigint, verifier: string) => (k * BigInt(`0x${verifier}`) + power(g, b)) % N;

/** True for the public values that RFC 5054 (2.5.4) allows: with A a multiple of N, anyone knows the key. */
export const isSrpPublic = (hex: string): boolean => /^[0-9a-f]{1,800}$/i.test(hex) && BigInt(`0x${hex}`) % N !== 0n;

export interface SrpAnswer {
  readonly userPoolId: string;
  readonly username: string;
  readonly verifier: string;
  readonly clientPublic: string;
  readonly serverPrivate: string;
  readonly secretBlock: string;
  readonly timestamp: string;
  /** The client's signature, base64. */
  readonly signature: string;
}

/** Whether the client has proved that it knows the password behind the verifier. */
export function srpProves(answer: SrpAnswer): boolean {
  const [A, b, v] = [answer.clientPublic, answer.serverPrivate, answer.verifier].map((hex) => BigInt(`0x${hex}`));
  const u = toNumber(sha256(bytesOf(A!), bytesOf(publicOf(b!, answer.verifier))));
  const S = power(A! * power(v!, u), b!);
  const key = hmac(hmac(bytesOf(u), bytesOf(S)), 'Caldera Derived Key\x01').subarray(0, 16);
  const block = Buffer.from(answer.secretBlock, 'base64');
  const expected = hmac(key, poolName(answer.userPoolId), answer.username, block, answer.timestamp);
  return isSameSecret(expected, Buffer.from(answer.signature, 'base64'));
}
