import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CryptoKey, calculateJwkThumbprint, exportJWK, generateKeyPair, importJWK, type JWK } from 'jose';

export interface SigningKey {
  readonly kid: string;
  readonly privateKey: CryptoKey;
  /** The public half, as the JWKS shows it. */
  readonly publicJwk: JWK;
}

/** One RSA key per pool, in a file of its own that only its owner may read. */
export class SigningKeys {
  readonly #dir: string;
  readonly #keys = new Map<string, Promise<SigningKey>>();

  constructor(dir: string) {
    this.#dir = dir;
  }

  /** The pool's key, made at the first call. Cognito asks when it creates a pool, and does not wait. */
  of(userPoolId: string): Promise<SigningKey> {
    const known = this.#keys.get(userPoolId);
    if (known) return known;
    const key = this.#open(userPoolId);
    this.#keys.set(userPoolId, key);
    key.catch(() => this.#keys.delete(userPoolId)); // a failure is not for ever: the next call tries again
    return key;
  }

  async delete(userPoolId: string): Promise<void> {
    await this.#keys.get(userPoolId)?.catch(() => {});
    this.#keys.delete(userPoolId);
    await rm(this.#file(userPoolId), { force: true });
  }

  /** Resolves when no key is being written any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#keys.values());
  }

  #file(userPoolId: string): string {
    return join(this.#dir, `${userPoolId}.jwk.json`);
  }

  async #open(userPoolId: string): Promise<SigningKey> {
    const file = this.#file(userPoolId);
    const jwk = (await readJwk(file)) ?? (await createJwk(file));
    const { kty, n, e, kid } = jwk as Required<Pick<JWK, 'kty' | 'n' | 'e' | 'kid'>>;
    const privateKey = (await importJWK(jwk, 'RS256')) as CryptoKey;
    return { kid, privateKey, publicJwk: { alg: 'RS256', e, kid, kty, n, use: 'sig' } };
  }
}

async function readJwk(file: string): Promise<JWK | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  return text === undefined ? undefined : (JSON.parse(text) as JWK);
}

async function createJwk(file: string): Promise<JWK> {
  const { privateKey } = await generateKeyPair('RS256', { modulusLength: 2048, extractable: true });
  const bare = await exportJWK(privateKey);
  const jwk = { ...bare, kid: await calculateJwkThumbprint(bare) };
  await mkdir(join(file, '..'), { recursive: true, mode: 0o700 });
  // Written aside and renamed: a boot that is killed here must not leave half a key behind.
  await writeFile(`${file}.new`, JSON.stringify(jwk), { mode: 0o600 });
  await rename(`${file}.new`, file);
  return jwk;
}
