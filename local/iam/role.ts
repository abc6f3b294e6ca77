import type { PolicyDocument } from './policy-document.ts';

export interface NamedPolicy {
  readonly name: string;
  readonly document: PolicyDocument;
}

export interface Role {
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly policies: readonly NamedPolicy[];
  /** ARNs of further policies, whose text nobody knows here: such a role cannot be assumed. */
  readonly unknownPolicies?: readonly string[];
}
