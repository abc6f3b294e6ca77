import { type FunctionConfiguration, LATEST, versionOf } from './function-configuration.ts';
import { aliasNotFound } from './refusals.ts';

/** A function as GetFunctionConfiguration shows it; its ARN ends in the version or the alias that was asked for. */
export function describeConfiguration(fn: FunctionConfiguration, qualifier?: string): Record<string, unknown> {
  return {
    FunctionName: fn.name,
    FunctionArn: qualifier === undefined ? fn.arn : `${fn.arn}:${qualifier}`,
    Runtime: 'nodejs24.x',
    Handler: fn.handler,
    Timeout: fn.timeoutMs / 1000,
    MemorySize: fn.memoryMb,
    Environment: { Variables: fn.environment },
    Version: versionOf(fn, qualifier),
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    LoggingConfig: { LogFormat: 'Text', LogGroup: `/aws/lambda/${fn.name}` },
  };
}

/** A function as GetFunction shows it. */
export function describeFunction(fn: FunctionConfiguration, qualifier?: string): Record<string, unknown> {
  return {
    Configuration: describeConfiguration(fn, qualifier),
    Code: { RepositoryType: 'S3', Location: `file://${fn.directory}` },
    ...(fn.reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: fn.reservedConcurrency } }),
  };
}

/** As ListVersionsByFunction shows them. */
export const describeVersions = (fn: FunctionConfiguration) =>
  [LATEST, ...(fn.versions ?? [])].map((version) => describeConfiguration(fn, version));

/** As GetAlias shows one. @throws {AwsError} ResourceNotFoundException */
export function describeAlias({ name, arn, aliases = {} }: FunctionConfiguration, alias: string) {
  if (!Object.hasOwn(aliases, alias)) throw aliasNotFound(name, alias);
  return { AliasArn: `${arn}:${alias}`, Name: alias, FunctionVersion: aliases[alias], Description: '' };
}
