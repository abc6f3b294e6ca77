import type { CreateUserPoolClientRequest, TimeUnitsType } from '@aws-sdk/client-cognito-identity-provider';
import { invalidParameter } from './errors.ts';
import type { Wire } from './model.ts';

const SECONDS: Record<TimeUnitsType, number> = { seconds: 1, minutes: 60, hours: 3600, days: 86_400 };
const FIVE_MINUTES = 5 * SECONDS.minutes;
const TEN_YEARS = 3650 * SECONDS.days;

export interface TokenValidity {
  readonly accessSeconds: number;
  readonly idSeconds: number;
  readonly refreshSeconds: number;
}

/**
 * How long a client's tokens are good for.
 * @throws {AwsError} InvalidParameterException outside 5 minutes to a day, or an hour to ten years for refresh tokens
 */
export function tokenValidity(config: Wire<CreateUserPoolClientRequest>): TokenValidity {
  const units = config.TokenValidityUnits ?? {};
  const accessSeconds = (config.AccessTokenValidity ?? 0) * SECONDS[units.AccessToken ?? 'hours'];
  const idSeconds = (config.IdTokenValidity ?? 0) * SECONDS[units.IdToken ?? 'hours'];
  const refreshSeconds = (config.RefreshTokenValidity ?? 0) * SECONDS[units.RefreshToken ?? 'days'];
  return {
    accessSeconds: within(accessSeconds || SECONDS.hours, FIVE_MINUTES, SECONDS.days),
    idSeconds: within(idSeconds || SECONDS.hours, FIVE_MINUTES, SECONDS.days),
    refreshSeconds: within(refreshSeconds || 30 * SECONDS.days, SECONDS.hours, TEN_YEARS),
  };
}

function within(seconds: number, min: number, max: number): number {
  if (seconds < min || seconds > max) throw invalidParameter('Invalid range for token validity.');
  return seconds;
}
