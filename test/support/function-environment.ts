import { type FunctionConfiguration, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { type FunctionName, functionEnv } from '@kilat/contracts';
import { inject } from 'vitest';
import { LOCAL_CREDENTIALS, LOCAL_REGION } from '../../local/service.ts';
import { clientConfig } from './endpoint.ts';
import { projectRoot } from './shared-data.ts';

/**
 * Gives this process the environment that the template gives a function, so that its handler can be imported and called
 * here against the running local cloud. Import the handler after this, not before.
 */
export async function useEnvironmentOf(name: FunctionName, overrides: Record<string, string> = {}): Promise<void> {
  const { local } = inject('cloud');
  const lambda = new LambdaClient(clientConfig(local.endpoints.lambda!));
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  Object.assign(process.env, variablesOf(Functions, name), {
    LAMBDA_TASK_ROOT: projectRoot,
    POWERTOOLS_LOG_LEVEL: 'ERROR',
    POWERTOOLS_METRICS_DISABLED: 'true',
    AWS_REGION: LOCAL_REGION,
    AWS_ACCESS_KEY_ID: LOCAL_CREDENTIALS.accessKeyId,
    AWS_SECRET_ACCESS_KEY: LOCAL_CREDENTIALS.secretAccessKey,
    AWS_ENDPOINT_URL_S3: local.endpoints.s3,
    AWS_ENDPOINT_URL_SQS: local.endpoints.sqs,
    AWS_ENDPOINT_URL_LAMBDA: local.endpoints.lambda,
    AWS_ENDPOINT_URL_DYNAMODB: local.endpoints.dynamodb,
    ...overrides,
  });
}

/** The function that was told just what this one's schema asks for. */
function variablesOf(functions: FunctionConfiguration[], name: FunctionName): Record<string, string> {
  const wanted = Object.keys(functionEnv[name].shape);
  const found = functions
    .map((configuration) => configuration.Environment?.Variables ?? {})
    .filter((variables) => wanted.every((key) => key in variables))
    .sort((a, b) => Object.keys(a).length - Object.keys(b).length)[0];
  if (!found) throw new Error(`no function of the template has the environment of '${name}'`);
  return found;
}
