import type { PolicyDocument, Statement } from '../iam/index.ts';
import { arn, propertiesOf, type Resource } from './resource.ts';

interface PermissionProperties {
  readonly Action: string;
  readonly FunctionName: string;
  readonly Principal: string;
  readonly SourceArn?: string;
  readonly SourceAccount?: string;
}

/** @param nameOrArn may name a version or an alias as well */
export const isOf = (fn: Resource, nameOrArn: string): boolean =>
  functionArn(nameOrArn).split(':').slice(0, 7).join(':') === fn.attributes.Arn;

/** Who else may invoke a function, as the policy that AWS makes of its permissions; undefined where nobody may. */
export function functionPolicy(fn: Resource, permissions: readonly Resource[]): PolicyDocument | undefined {
  const Statement = permissions
    .filter(({ properties }) => isOf(fn, String(properties.FunctionName)))
    .map((permission) => statementOf(permission));
  return Statement.length > 0 ? { Version: '2012-10-17', Statement } : undefined;
}

const functionArn = (nameOrArn: string): string =>
  nameOrArn.startsWith('arn:') ? nameOrArn : arn('lambda', `function:${nameOrArn}`);

function statementOf(permission: Resource): Statement {
  const { Action, FunctionName, Principal, SourceArn, SourceAccount } = propertiesOf<PermissionProperties>(permission);
  const Condition = {
    ...(SourceArn === undefined ? {} : { ArnLike: { 'aws:SourceArn': SourceArn } }),
    ...(SourceAccount === undefined ? {} : { StringEquals: { 'aws:SourceAccount': SourceAccount } }),
  };
  return {
    Sid: permission.logicalId,
    Effect: 'Allow',
    Principal: Principal.endsWith('.amazonaws.com') ? { Service: Principal } : { AWS: Principal },
    Action,
    Resource: functionArn(FunctionName),
    ...(Object.keys(Condition).length > 0 ? { Condition } : {}),
  };
}
