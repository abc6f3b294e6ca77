import type { Tokens } from './cognito.ts';

/** A token is renewed so long before its end: a request that starts with it is still let in. */
const MARGIN_MS = 60_000;

/**
 * Hands out an access token that is good for the next minute. Whoever asks while one is renewed waits for that same
 * renewal.
 * @param renew signs in anew, or uses the refresh token
 */
export function tokenSource(first: Tokens | undefined, renew: () => Promise<Tokens>, now = Date.now) {
  let tokens = first;
  let renewing: Promise<Tokens> | undefined;
  return async (): Promise<string> => {
    if (tokens && tokens.expiresAtMs - MARGIN_MS > now()) return tokens.accessToken;
    renewing ??= renew().finally(() => {
      renewing = undefined;
    });
    tokens = await renewing;
    return tokens.accessToken;
  };
}
