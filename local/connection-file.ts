import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LocalCloud } from './cloud.ts';
import { demoUsers } from './demo.ts';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from './service.ts';

const CONNECTION_FILE = 'local.json';

/**
 * Tells other programs how to reach a running local cloud. The operator's key is the same for all, and no secret;
 * secrets stand elsewhere. It is kept when the cloud stops.
 */
export function writeConnectionFile({ apiUrl, dataDir, endpoints, passwordClient }: LocalCloud): void {
  const connection = {
    api_url: apiUrl,
    region: LOCAL_REGION,
    user_pool_id: passwordClient?.userPoolId,
    user_pool_client_id: passwordClient?.clientId,
    issuer: passwordClient?.issuer,
    endpoints,
    operator: {
      access_key_id: LOCAL_CREDENTIALS.accessKeyId,
      secret_access_key: LOCAL_CREDENTIALS.secretAccessKey,
    },
    users: Object.fromEntries(Object.entries(demoUsers).map(([role, { username }]) => [role, username])),
  };
  const file = join(dataDir, CONNECTION_FILE);
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify(connection, undefined, 2)}\n`);
  renameSync(temporary, file); // a reader sees the old one or the new one, never half of one
}
