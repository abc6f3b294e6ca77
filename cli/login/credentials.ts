import type { Challenge, Credentials } from '../connection/cognito.ts';
import { CliError } from '../errors.ts';
import { ask, askSecretly } from './prompt.ts';

/** What a machine answers through its environment, and a person is asked at the terminal. */
const answers: Readonly<Record<Challenge, { readonly variable: string; readonly asked: () => Promise<string> }>> = {
  NEW_PASSWORD_REQUIRED: { variable: 'KILAT_NEW_PASSWORD', asked: newPassword },
  SOFTWARE_TOKEN_MFA: { variable: 'KILAT_MFA_CODE', asked: () => ask('Code of your authenticator: ') },
};

/** @param last the user who signed in here before, taken where nothing is typed */
export async function askedCredentials(last: string | undefined, env = process.env): Promise<Credentials> {
  const username = env.KILAT_USERNAME ?? ((await ask(last ? `User name [${last}]: ` : 'User name: ')) || last);
  if (!username) throw new CliError('a user name is needed');
  return {
    username,
    password: env.KILAT_PASSWORD ?? (await askSecretly('Password: ')),
    answer: async (challenge) => env[answers[challenge].variable] ?? answers[challenge].asked(),
  };
}

/** Typed unseen, and so twice. */
async function newPassword(): Promise<string> {
  console.error('The password was for once only.');
  const password = await askSecretly('New password: ');
  if (password !== (await askSecretly('New password again: '))) throw new CliError('the two new passwords differ');
  return password;
}
