import { assertAllowed, type Iam, type Principal } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Service } from '../service.ts';
import { accessTo, refusalStyle } from './authorization.ts';
import type { FunctionConfiguration } from './function-configuration.ts';
import { Functions, type FunctionsOptions, type InvokeOptions } from './functions.ts';
import type { InvocationResult } from './invocation.ts';
import { lambdaRestApi } from './rest-api.ts';

export interface LambdaOptions extends FunctionsOptions {
  readonly functions?: readonly FunctionConfiguration[];
  /** @default a free one */
  readonly port?: number;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
}

export interface LocalInvokeOptions extends InvokeOptions {
  /** The service that invokes, as a policy of the function must allow. @default - Lambda itself, for a queue */
  readonly caller?: Principal | undefined;
}

export interface LambdaService extends Service {
  /** Adds a function, or replaces the one of that name. */
  register(fn: FunctionConfiguration): void;
  /**
   * Invokes a function from within this process, without a hop over HTTP.
   * @throws {AwsError} ResourceNotFoundException, RequestTooLargeException, TooManyRequestsException
   * @throws {AwsError} AccessDeniedException
   */
  invoke(nameOrArn: string, event: unknown, options?: LocalInvokeOptions): Promise<InvocationResult>;
}

/** Runs functions in processes of their own, behind the API that the SDK calls. */
export async function startLambda(options: LambdaOptions): Promise<LambdaService> {
  const functions = new Functions(options);
  for (const fn of options.functions ?? []) functions.register(fn);
  const { iam, onFault } = options;
  const { url, close } = await listen(lambdaRestApi(functions, { iam, onFault }), options.port);
  return {
    url,
    register: (fn) => functions.register(fn),
    invoke: async (nameOrArn, event, { caller, ...how } = {}) => {
      if (iam && caller) {
        const access = accessTo('Invoke', { fn: functions.get(nameOrArn), nameOrArn });
        assertAllowed(iam, caller, access, refusalStyle);
      }
      return functions.invokeJson(nameOrArn, JSON.stringify(event ?? null), how);
    },
    close: async () => {
      await Promise.all([close(), functions.close()]);
    },
  };
}
