import { CliError } from '../errors.ts';

/** Something that the credentials are not allowed to ask. */
export class DeniedError extends CliError {
  override readonly name = 'DeniedError';
}

/** What errors of the SDK mean to a person, by their names: each service spells its own. */
const meanings: Readonly<Record<string, string>> = {
  CredentialsProviderError: noCredentials('no AWS credentials were found'),
  ExpiredToken: noCredentials('the AWS credentials have expired'),
  ExpiredTokenException: noCredentials('the AWS credentials have expired'),
  InvalidClientTokenId: noCredentials('AWS does not know these credentials'),
  UnrecognizedClientException: noCredentials('AWS does not know these credentials'),
  SignatureDoesNotMatch: noCredentials('the secret access key does not fit its id'),
};

const DENIED: readonly string[] = ['AccessDenied', 'AccessDeniedException'];

function noCredentials(what: string): string {
  return `${what}; sign in (aws sso login, aws configure) or name a profile with AWS_PROFILE`;
}

/**
 * What kept a call to AWS from its answer.
 * @param what was asked for, as the rest of a sentence: `read the stacks in eu-west-1`
 */
export function awsError(error: unknown, what: string): CliError {
  const { name } = error as Error;
  if (Object.hasOwn(meanings, name)) return new CliError(meanings[name], { cause: error });
  if (DENIED.includes(name)) return new DeniedError(`these AWS credentials may not ${what}`, { cause: error });
  return new CliError(`AWS was asked to ${what}, and did not`, { cause: error });
}
