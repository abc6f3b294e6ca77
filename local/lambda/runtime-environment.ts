import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../service.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import type { FunctionContext } from './messages.ts';

/** All that a function sees of the machine's own variables; Windows opens no socket without the last one. */
const INHERITED = ['PATH', 'TMPDIR', 'SystemRoot'];

/**
 * The environment variables of a function, as on AWS.
 * @param endpoints `AWS_ENDPOINT_URL_*` of the local services, which the function's own variables may override
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
export function runtimeEnvironment(
  fn: FunctionConfiguration,
  context: FunctionContext,
  endpoints: Readonly<Record<string, string>>,
): Record<string, string> {
  return { ...inherited(), ...endpoints, ...fn.environment, ...reserved(fn, context) };
}

function inherited(): Record<string, string> {
  return Object.fromEntries(INHERITED.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value));
}

function reserved(fn: FunctionConfiguration, context: FunctionContext): Record<string, string> {
  const credentials = fn.credentials ?? LOCAL_CREDENTIALS;
  return {
    TZ: ':UTC',
    _HANDLER: fn.handler,
    AWS_REGION: LOCAL_REGION,
    AWS_DEFAULT_REGION: LOCAL_REGION,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: fn.name,
    AWS_LAMBDA_FUNCTION_VERSION: context.functionVersion,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(fn.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: context.logGroupName,
    AWS_LAMBDA_LOG_STREAM_NAME: context.logStreamName,
    LAMBDA_TASK_ROOT: fn.directory,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    ...('sessionToken' in credentials && credentials.sessionToken
      ? { AWS_SESSION_TOKEN: credentials.sessionToken }
      : {}),
  };
}
