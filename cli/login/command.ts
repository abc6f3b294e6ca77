import { Command } from 'commander';
import { signIn } from '../connection/cognito.ts';
import { endpointOption, LOCAL_STAGE, regionOption, stageOption } from '../connection/connect.ts';
import { findStage } from '../connection/find-stage.ts';
import { type SignInStore, signInStore } from '../connection/sign-ins.ts';
import { UsageError } from '../errors.ts';
import { run } from '../run.ts';
import { askedCredentials } from './credentials.ts';
import { type PlaceOptions, placeOf } from './place.ts';

const help = `
The first login to a stage asks its stacks where it is, with your AWS credentials. Without any, say it yourself: "npm run
deploy" prints ApiUrl and UserPoolClientId. Later logins remember. Where there is no terminal, KILAT_USERNAME and
KILAT_PASSWORD are taken.

Examples:
  kilat login --stage staging
  kilat login --stage staging --region ap-southeast-1
  kilat login --stage staging --api https://a1b2c3.execute-api.ap-southeast-1.amazonaws.com --client-id 4e5f6g
  kilat predict --stage staging three.jpg`;

interface LoginOptions extends PlaceOptions {
  readonly stage: string;
}

/** `kilat login`: signs in to a deployed stage, and keeps what opens it for later commands. */
export const loginCommand = (): Command =>
  new Command('login')
    .description('sign in to a deployed stage')
    .addOption(stageOption().makeOptionMandatory())
    .option('--api <url>', 'its API')
    .option('--client-id <id>', 'of the app client of its user pool')
    .addOption(regionOption())
    .addOption(endpointOption())
    .addHelpText('after', help)
    .action((options: LoginOptions) => run(() => login(options, signInStore())));

async function login(options: LoginOptions, store: SignInStore): Promise<boolean> {
  const { stage } = options;
  if (stage === LOCAL_STAGE) throw new UsageError('the local cloud needs no login: each command takes --as');
  const known = store.get(stage);
  const place = await placeOf(options, known, () => findStage(stage, options.region));
  const { username, ...credentials } = await askedCredentials(known?.username);
  const client = { cognitoUrl: place.cognito_url, clientId: place.client_id };
  const { accessToken, refreshToken = '', expiresAtMs } = await signIn(client, { username, ...credentials });
  const tokens = { access_token: accessToken, expires_at_ms: expiresAtMs, refresh_token: refreshToken };
  store.put(stage, { ...place, username, ...tokens });
  console.error(
    `signed in to ${stage} as ${username}; commands go there with --stage ${stage} or KILAT_STAGE=${stage}`,
  );
  return true;
}
