import { listen } from '../listen.ts';
import type { Service } from '../service.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { Functions, type FunctionsOptions, type InvokeOptions } from './functions.ts';
import type { InvocationResult } from './invocation.ts';
import { lambdaRestApi } from './rest-api.ts';

export interface LambdaOptions extends FunctionsOptions {
  readonly functions?: readonly FunctionConfiguration[];
  /** @default a free one */
  readonly port?: number;
}

export interface LambdaService extends Service {
  /** Adds a function, or replaces the one of that name. */
  register(fn: FunctionConfiguration): void;
  /**
   * Invokes a function from within this process, without a hop over HTTP.
   * @throws {AwsError} ResourceNotFoundException, RequestTooLargeException, TooManyRequestsException
   */
  invoke(nameOrArn: string, event: unknown, options?: InvokeOptions): Promise<InvocationResult>;
}

/** Runs functions in processes of their own, behind the API that the SDK calls. */
export async function startLambda(options: LambdaOptions): Promise<LambdaService> {
  const functions = new Functions(options);
  for (const fn of options.functions ?? []) functions.register(fn);
  const { url, close } = await listen(lambdaRestApi(functions, options.onFault), options.port);
  return {
    url,
    register: (fn) => functions.register(fn),
    invoke: async (nameOrArn, event, how) => functions.invokeJson(nameOrArn, JSON.stringify(event ?? null), how),
    close: async () => {
      await Promise.all([close(), functions.close()]);
    },
  };
}
