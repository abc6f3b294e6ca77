import type { NamedPolicy, PolicyDocument, Role } from '../iam/index.ts';
import { LOCAL_ACCOUNT } from '../service.ts';
import { physicalName } from './names.ts';
import { type Identifiable, type Identify, propertiesOf, type Resource } from './resource.ts';

const iamArn = (type: string, { explicitName }: Identifiable, name: string): string =>
  `arn:aws:iam::${LOCAL_ACCOUNT}:${type}${explicitName('Path') ?? '/'}${name}`;

export const roleIdentity: Identify = (resource) => {
  const name = resource.explicitName('RoleName') ?? physicalName(resource, 64);
  return { physicalName: name, ref: name, attributes: { Arn: iamArn('role', resource, name) } };
};

export const managedPolicyIdentity: Identify = (resource) => {
  const name = resource.explicitName('ManagedPolicyName') ?? physicalName(resource, 128);
  const arn = iamArn('policy', resource, name);
  return { physicalName: name, ref: arn, attributes: { PolicyArn: arn } };
};

interface RoleProperties {
  readonly AssumeRolePolicyDocument: PolicyDocument;
  readonly ManagedPolicyArns?: readonly string[];
  readonly Policies?: readonly { readonly PolicyName: string; readonly PolicyDocument: PolicyDocument }[];
}

interface PolicyProperties {
  readonly PolicyDocument: PolicyDocument;
  readonly Roles?: readonly string[];
}

export interface DeclaredIam {
  readonly roles: readonly Resource[];
  readonly policies: readonly Resource[];
  readonly managedPolicies: readonly Resource[];
}

/** The roles with all their policies, wherever the template says them. */
export const rolesOf = ({ roles, policies, managedPolicies }: DeclaredIam): Role[] =>
  roles.map((role) => {
    const {
      AssumeRolePolicyDocument: trust,
      Policies = [],
      ManagedPolicyArns = [],
    } = propertiesOf<RoleProperties>(role);
    const inline = Policies.map(({ PolicyName, PolicyDocument }) => ({ name: PolicyName, document: PolicyDocument }));
    const isNamed = ({ ref }: Resource) => ManagedPolicyArns.includes(ref);
    const attached = [
      ...policies.filter((policy) => isAttached(policy, role)),
      ...managedPolicies.filter((policy) => isNamed(policy) || isAttached(policy, role)),
    ];
    const unknownPolicies = ManagedPolicyArns.filter((arn) => !managedPolicies.some(({ ref }) => ref === arn));
    return { arn: role.attributes.Arn!, trust, policies: [...inline, ...attached.map(asNamed)], unknownPolicies };
  });

const isAttached = (policy: Resource, role: Resource): boolean =>
  propertiesOf<PolicyProperties>(policy).Roles?.includes(role.ref) ?? false;

const asNamed = (policy: Resource): NamedPolicy => ({
  name: policy.physicalName,
  document: propertiesOf<PolicyProperties>(policy).PolicyDocument,
});
