import { randomBytes } from 'node:crypto';
import { LOCAL_CREDENTIALS } from '../service.ts';
import { operator, type Principal } from './principal.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Absent for the operator's, which do not end. */
  readonly sessionToken?: string;
}

interface Key {
  readonly credentials: Credentials;
  readonly principal: Principal;
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** Every access key that is known, and whose it is. All but the operator's are drawn anew at each start. */
export class Keyring {
  readonly #keys = new Map<string, Key>();

  constructor() {
    this.#add({ credentials: LOCAL_CREDENTIALS, principal: operator });
  }

  /** Draws temporary credentials, as STS would. */
  mint(principal: Principal): Required<Credentials> {
    const credentials = {
      accessKeyId: `ASIA${Array.from(randomBytes(16), (byte) => BASE32[byte % 32]).join('')}`,
      secretAccessKey: randomBytes(30).toString('base64'),
      sessionToken: randomBytes(96).toString('base64'),
    };
    this.#add({ credentials, principal });
    return credentials;
  }

  find(accessKeyId: string): Key | undefined {
    return this.#keys.get(accessKeyId);
  }

  /** Whose key it is; undefined where nobody's, or where the session token is not the key's. */
  principalOf(accessKeyId: string, sessionToken: string | undefined): Principal | undefined {
    const key = this.#keys.get(accessKeyId);
    return key && key.credentials.sessionToken === sessionToken ? key.principal : undefined;
  }

  #add(key: Key): void {
    this.#keys.set(key.credentials.accessKeyId, key);
  }
}

/** The access key id that signed a request, by its `Authorization` header; undefined where that names none. */
export const signerOf = (authorization: string | undefined): string | undefined =>
  /^AWS4-HMAC-SHA256 .*Credential=([^/,\s]+)\//.exec(authorization ?? '')?.[1];
