import { cognitoUrlIn } from '../connection/find-stage.ts';
import type { Place } from '../connection/sign-ins.ts';
import { UsageError } from '../errors.ts';

export interface PlaceOptions {
  readonly api?: string | undefined;
  readonly clientId?: string | undefined;
  readonly region?: string | undefined;
  readonly endpoint?: string | undefined;
}

/**
 * Where a stage is: as the options say, else as at the last login, else as its stacks tell.
 * @param find asks AWS, and is not called where nobody needs to know
 * @throws {UsageError} when what the options say cannot be
 */
export async function placeOf(
  { api, clientId, region, endpoint }: PlaceOptions,
  known: Place | undefined,
  find: () => Promise<Place>,
): Promise<Place> {
  const told = known ?? (api && clientId ? undefined : await find());
  const api_url = api ?? told!.api_url;
  const isAsTold = !api && !region && told;
  const cognito_url = endpoint ?? (isAsTold ? told.cognito_url : cognitoUrlIn(region ?? regionOf(api_url)));
  return { api_url: secure(api_url), client_id: clientId ?? told!.client_id, cognito_url: secure(cognito_url) };
}

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
