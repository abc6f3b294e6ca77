import { openApiDocument } from '@kilat/contracts';
import { http, observe, readEnv } from '@kilat/lambda';

const env = readEnv('platform');

/** Serves what needs no store and no model, and every path that no route names. */
export const handler = http<'platform'>(observe('platform'), {
  health: async () => ({ status: 'ok', version: env.VERSION, stage: env.STAGE }),
  live: async () => ({ live: true }),
  openapi: async ({ baseUrl }) => openApiDocument({ version: env.VERSION, serverUrl: baseUrl }),
});
