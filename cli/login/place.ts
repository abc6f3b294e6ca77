import type { SignIn } from '../connection/sign-ins.ts';
import { UsageError } from '../errors.ts';

export interface PlaceOptions {
  readonly stage: string;
  readonly api?: string;
  readonly clientId?: string;
  readonly region?: string;
  readonly endpoint?: string;
}

export type Place = Pick<SignIn, 'api_url' | 'client_id' | 'cognito_url'>;

/** Where a stage is: as the options say, else as at the last login. @throws {UsageError} */
export function placeOf({ stage, api, clientId, region, endpoint }: PlaceOptions, known?: Place): Place {
  const api_url = api ?? known?.api_url;
  const client_id = clientId ?? known?.client_id;
  if (!api_url || !client_id) {
    throw new UsageError(`nobody signed in to '${stage}' from here before; say where it is: --api URL --client-id ID`);
  }
  const isAsBefore = !api && !region && known;
  const cognito_url = endpoint ?? (isAsBefore ? known.cognito_url : cognitoUrl(region ?? regionOf(api_url)));
  return { api_url: secure(api_url), client_id, cognito_url: secure(cognito_url) };
}

const cognitoUrl = (region: string): string => `https://cognito-idp.${region}.amazonaws.com/`;

/** An HTTP API that has no domain of its own names its region. */
function regionOf(apiUrl: string): string {
  const region = /\.execute-api\.([a-z0-9-]+)\.amazonaws\.com(\/|$)/.exec(apiUrl)?.[1];
  if (!region) throw new UsageError(`${apiUrl} does not tell the region of the user pool; name it with --region`);
  return region;
}

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

/** Passwords and tokens travel to these addresses, so in the clear only within this machine. */
function secure(address: string): string {
  const url = URL.parse(address);
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && LOOPBACK.includes(url.hostname))) return address;
  throw new UsageError(`'${address}' is no address to send a password to; expected https://…`);
}
