import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Option } from 'commander';
import * as z from 'zod';
import { CliError } from '../errors.ts';

/** What `npm start` wrote into `local.json`, as far as the commands need it. */
const connectionSchema = z.object({
  api_url: z.url(),
  user_pool_client_id: z.string(),
  endpoints: z.object({ cognito: z.url(), s3: z.url(), sqs: z.url() }),
  region: z.string(),
  operator: z.object({ access_key_id: z.string(), secret_access_key: z.string() }),
  users: z.record(z.string(), z.string()),
});
export type LocalConnection = z.output<typeof connectionSchema>;

const credentialsSchema = z.record(z.string(), z.object({ password: z.string() }));

/** `--data`, the same for every command that speaks to the local cloud. */
export const dataOption = (): Option =>
  new Option('--data <folder>', 'the data folder of the local cloud').env('KILAT_DATA').default('.kilat');

/** @throws {CliError} when the local cloud was never started on that folder */
export const readConnection = (dataDir: string): LocalConnection => readJson(dataDir, 'local.json', connectionSchema);

/** How an SDK client reaches a service of the local cloud, as its operator. */
export function localClientConfig(dataDir: string, service: keyof LocalConnection['endpoints']) {
  const { endpoints, region, operator } = readConnection(dataDir);
  const credentials = { accessKeyId: operator.access_key_id, secretAccessKey: operator.secret_access_key };
  return { endpoint: endpoints[service], region, credentials };
}

/** @throws {CliError} when the role has none */
export function readPassword(dataDir: string, role: string): string {
  const password = readJson(dataDir, 'credentials.json', credentialsSchema)[role]?.password;
  if (!password)
    throw new CliError(
      `${resolve(dataDir)} holds no password for '${role}'; start the local cloud anew with npm start`,
    );
  return password;
}

function readJson<T extends z.ZodType>(dataDir: string, file: string, schema: T): z.output<T> {
  const path = join(resolve(dataDir), file);
  try {
    return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    const where = `in ${resolve(dataDir)}; start it with npm start`;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new CliError(`the local cloud was not started yet ${where}`);
    }
    throw new CliError(`the local cloud left a ${file} that cannot be read ${where}`, { cause });
  }
}
