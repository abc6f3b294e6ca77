import { quotaPorts } from '@kilat/adapters/quota-ports';
import { quotaOf, readUsage } from '@kilat/core';
import { http, observe, readEnv } from '@kilat/lambda';

const ports = quotaPorts(readEnv('usage'));

export const handler = http<'usage'>(
  observe('usage'),
  { usage: ({ identity, query }) => readUsage(ports, identity, query) },
  quotaOf(ports),
);
