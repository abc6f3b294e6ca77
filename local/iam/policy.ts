import {
  createValidatedPolicy,
  type ValidatedPolicy,
  validateIdentityPolicy,
  validateResourcePolicy,
  validateTrustPolicy,
} from '@cloud-copilot/iam-policy';
import { LocalCloudError } from '../errors.ts';
import { type ConditionKey, spellingOf } from './condition-keys.ts';
import { conditionKeysOf, type PolicyDocument } from './policy-document.ts';

/** A policy that IAM would not take, or one that cannot be judged here. */
export class PolicyError extends LocalCloudError {
  override readonly name: string = 'PolicyError';
}

/** A policy, checked once and ready to be judged by. */
export interface Policy {
  /** Of this reading of it, for caches. */
  readonly id: number;
  readonly validated: ValidatedPolicy<{ name: string }>;
  /** The condition keys that it reads. */
  readonly conditionKeys: readonly ConditionKey[];
}

const validators = {
  identity: validateIdentityPolicy,
  resource: validateResourcePolicy,
  trust: validateTrustPolicy,
} as const;

let readings = 0;

/**
 * @param name for messages
 * @throws {PolicyError} where the policy is malformed, or reads a condition key that is not filled here
 */
export function readPolicy(kind: keyof typeof validators, name: string, document: PolicyDocument): Policy {
  const validated = createValidatedPolicy(document, validators[kind], { name });
  const [mistake] = validated.errors;
  if (mistake)
    throw new PolicyError(`the policy ${name} is not valid at ${mistake.path || 'its root'}: ${mistake.message}`);
  readings += 1;
  return { id: readings, validated, conditionKeys: filledKeysOf(name, document) };
}

function filledKeysOf(name: string, document: PolicyDocument): ConditionKey[] {
  return [...conditionKeysOf(document)].map((key) => {
    const spelling = spellingOf(key);
    if (!spelling) throw new PolicyError(`the policy ${name} reads the condition key ${key}, which is not emulated`);
    return spelling;
  });
}
