export type { AsyncFailure } from './asynchronous.ts';
export {
  type FunctionConfiguration,
  type FunctionCredentials,
  type FunctionReference,
  functionArn,
  functionReference,
} from './function-configuration.ts';
export type { InvocationResult, InvocationType, LogRecord } from './invocation.ts';
export { type LambdaOptions, type LambdaService, type LocalInvokeOptions, startLambda } from './lambda-service.ts';
export type { LambdaError } from './messages.ts';
export type { LambdaMetric } from './metrics.ts';
