import type { FunctionEnv } from '@kilat/contracts';
import type { QuotaPorts } from '@kilat/core';
import { now } from './clock.ts';
import { usageStore } from './usage-store.ts';

/** What counting needs, by the two variables that each function that counts is told. */
export const quotaPorts = ({
  USAGE_TABLE,
  QUOTAS,
}: Pick<FunctionEnv<'usage'>, 'USAGE_TABLE' | 'QUOTAS'>): QuotaPorts => ({
  store: usageStore(USAGE_TABLE),
  settings: QUOTAS,
  now,
});
