import type { AccessRequest, RefusalStyle } from '../iam/index.ts';
import type { FunctionConfiguration } from './function-configuration.ts';

export const refusalStyle: RefusalStyle = { status: 403 };

/** The operations that are emulated, and the actions that allow them. */
export const ACTIONS = {
  Invoke: 'lambda:InvokeFunction',
  GetFunction: 'lambda:GetFunction',
  GetFunctionConfiguration: 'lambda:GetFunctionConfiguration',
  GetAlias: 'lambda:GetAlias',
  ListFunctions: 'lambda:ListFunctions',
  ListVersionsByFunction: 'lambda:ListVersionsByFunction',
} as const;

export type Operation = keyof typeof ACTIONS;

/** A function as a caller names it: with a version or an alias, or without. */
export interface NamedFunction {
  readonly fn: FunctionConfiguration;
  readonly nameOrArn: string;
}

/**
 * What an operation asks for; what is allowed on a function is not yet allowed on its versions and aliases.
 * @param named absent where it is about all functions
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
 */
export function accessTo(operation: Operation, named?: NamedFunction): AccessRequest {
  const action = ACTIONS[operation];
  if (!named) return { action, resource: '*' };
  const { arn, name, policy } = named.fn;
  const qualifier = named.nameOrArn.slice(named.nameOrArn.lastIndexOf(name) + name.length);
  const resourcePolicy = policy === undefined ? undefined : { holder: arn, json: policy };
  return { action, resource: `${arn}${qualifier}`, resourcePolicy };
}
