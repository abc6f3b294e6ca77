import { LOCAL_CREDENTIALS, LOCAL_REGION, type Service } from '../../local/service.ts';

/**
 * The endpoint under test: the local emulator, or whatever `REMOTE=<url>` names (moto, AWS), so that the same cases
 * judge both.
 */
export async function serviceUnderTest<T extends Service>(
  start: () => Promise<T>,
): Promise<{ url: string; local: T | undefined; close(): Promise<void> }> {
  const remote = process.env.REMOTE;
  if (remote) return { url: remote, local: undefined, close: async () => {} };
  const local = await start();
  return { url: local.url, local, close: () => local.close() };
}

/** What every SDK client of the suites is built with. */
export const clientConfig = (endpoint: string) => ({
  endpoint,
  region: LOCAL_REGION,
  credentials: LOCAL_CREDENTIALS,
  maxAttempts: 1,
});

/** True when the cases run against another endpoint than ours: what only an emulator can show is skipped there. */
export const isRemote = Boolean(process.env.REMOTE);
