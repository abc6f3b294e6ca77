import type { FunctionConfiguration } from './function-configuration.ts';

/** A function as GetFunctionConfiguration shows it. */
export function describeConfiguration(fn: FunctionConfiguration): Record<string, unknown> {
  return {
    FunctionName: fn.name,
    FunctionArn: fn.arn,
    Runtime: 'nodejs24.x',
    Handler: fn.handler,
    Timeout: fn.timeoutMs / 1000,
    MemorySize: fn.memoryMb,
    Environment: { Variables: fn.environment },
    Version: '$LATEST',
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${fn.name}` },
  };
}

/** A function as GetFunction shows it. */
export function describeFunction(fn: FunctionConfiguration): Record<string, unknown> {
  return {
    Configuration: describeConfiguration(fn),
    Code: { RepositoryType: 'S3', Location: `file://${fn.directory}` },
    ...(fn.reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
  };
}
