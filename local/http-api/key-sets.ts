import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey } from 'jose';

/** The keys of each issuer, fetched once, and again when a token names a key that is not among them. */
export class KeySets {
  readonly #fetch: (issuer: string) => Promise<JSONWebKeySet>;
  readonly #keySets = new Map<string, Promise<JWTVerifyGetKey>>();

  constructor(fetch: (issuer: string) => Promise<JSONWebKeySet>) {
    this.#fetch = fetch;
  }

  /** The resolver that jose asks for the key of a token. */
  of(issuer: string): JWTVerifyGetKey {
    return async (header, token) => {
      try {
        return await (await this.#get(issuer))(header, token);
      } catch (error) {
        if (!(error instanceof errors.JWKSNoMatchingKey)) throw error;
        this.#keySets.delete(issuer); // the issuer may have new keys
        return (await this.#get(issuer))(header, token);
      }
    };
  }

  #get(issuer: string): Promise<JWTVerifyGetKey> {
    let keySet = this.#keySets.get(issuer);
    if (!keySet) {
      keySet = this.#fetch(issuer).then((keys) => createLocalJWKSet(keys));
      keySet.catch(() => this.#keySets.delete(issuer)); // a failed fetch is not kept
      this.#keySets.set(issuer, keySet);
    }
    return keySet;
  }
}
