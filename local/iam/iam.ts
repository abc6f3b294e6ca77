import type { AccessRequest, Context, ResourcePolicy } from './access-request.ts';
import type { Question } from './decision.ts';
import { type Grant, idOf, without } from './grant.ts';
import { type Credentials, Keyring } from './keyring.ts';
import { type Policy, PolicyError, readPolicy } from './policy.ts';
import type { PolicyDocument } from './policy-document.ts';
import { type Principal, roleSession, servicePrincipal } from './principal.ts';
import type { Refusal, RefusalReason } from './refusal.ts';
import type { Role } from './role.ts';

export interface IamOptions {
  /** Told of each request that is refused. */
  readonly onRefusal?: ((refusal: Refusal) => void) | undefined;
}

type Decide = (question: Question) => RefusalReason | undefined;
type Decision = RefusalReason | 'allowed';

const trustOf = (roleArn: string): string => `that says who may assume ${roleArn}`;

/** Decisions that are remembered; keys of objects differ from call to call, so they are not kept for ever. */
const MAX_REMEMBERED = 10_000;

/** Who may do what: the roles with their policies, the keys of whoever has assumed one, and the decisions. */
export class Iam {
  readonly keys = new Keyring();
  readonly #onRefusal: (refusal: Refusal) => void;
  readonly #decideAnew: Decide;
  readonly #roles = new Map<string, Role>();
  readonly #withheld = new Set<string>();
  readonly #identityPolicies = new Map<string, readonly Policy[]>();
  readonly #resourcePolicies = new Map<string, Policy>();
  readonly #decisions = new Map<string, Decision>();

  private constructor({ onRefusal = () => {} }: IamOptions, decide: Decide) {
    this.#onRefusal = onRefusal;
    this.#decideAnew = decide;
  }

  /** Loads the simulator, which takes 0.04 s that need not come before the synthesis begins. */
  static async load(options: IamOptions = {}): Promise<Iam> {
    const { decide } = await import('./decision.ts');
    return new Iam(options, decide);
  }

  /** @throws {PolicyError} where one of its policies is malformed, or reads what is not emulated */
  addRole(role: Role): void {
    readPolicy('trust', trustOf(role.arn), role.trust);
    for (const { name, document } of role.policies) readPolicy('identity', name, document);
    this.#roles.set(role.arn, role);
    this.#forget();
  }

  /**
   * Draws credentials for a session of a role.
   * @throws {PolicyError} where there is no such role, or not all that it may do is known
   */
  assume(roleArn: string, sessionName: string): Required<Credentials> {
    const [unknown] = this.#role(roleArn).unknownPolicies ?? [];
    if (unknown) throw new PolicyError(`${roleArn} has the policy ${unknown}, whose text is not in the template`);
    return this.keys.mint(roleSession(roleArn, sessionName));
  }

  /** Whether the trust of a role lets a service assume it. @param service such as `lambda.amazonaws.com` */
  isTrusted(roleArn: string, service: string): boolean {
    const trust = readPolicy('trust', trustOf(roleArn), this.#role(roleArn).trust);
    const request = { action: 'sts:AssumeRole', resource: roleArn };
    return this.#judge(servicePrincipal(service, roleArn), request, [], trust) === 'allowed';
  }

  /** Decides on a request, and tells of it where it is refused. @returns undefined where it is allowed */
  check(principal: Principal, request: AccessRequest): Refusal | undefined {
    const reason = this.#decide(principal, request);
    if (reason === 'allowed') return undefined;
    const { action, resource } = request;
    const refusal = { principal, request: { action, resource }, reason };
    this.#onRefusal(refusal);
    return refusal;
  }

  /** Takes a grant away, so that a test sees who needs it. @returns what gives it back */
  withhold(grant: Grant): () => void {
    this.#withheld.add(idOf(grant));
    this.#forget();
    return () => {
      this.#withheld.delete(idOf(grant));
      this.#forget();
    };
  }

  #decide(principal: Principal, request: AccessRequest): Decision {
    const resourcePolicy = request.resourcePolicy && this.#resourcePolicy(request.resourcePolicy);
    return this.#judge(principal, request, this.#policiesOf(principal), resourcePolicy);
  }

  #judge(
    principal: Principal,
    { action, resource, context }: AccessRequest,
    identityPolicies: readonly Policy[],
    resourcePolicy: Policy | undefined,
  ): Decision {
    const policies = resourcePolicy ? [...identityPolicies, resourcePolicy] : identityPolicies;
    const read = readBy(policies, { ...context, ...principal.context });
    const ids = policies.map(({ id }) => id);
    const question = JSON.stringify([principal.name, action, resource, ids, read]);
    const known = this.#decisions.get(question);
    if (known) return known;
    const facts = { principal, action, resource, identityPolicies, resourcePolicy, context: read };
    const decision = this.#decideAnew(facts) ?? 'allowed';
    if (this.#decisions.size >= MAX_REMEMBERED) this.#decisions.clear();
    this.#decisions.set(question, decision);
    return decision;
  }

  #policiesOf({ type, roleArn }: Principal): readonly Policy[] {
    if (type === 'operator') return [everything];
    if (roleArn === undefined) return [];
    const known = this.#identityPolicies.get(roleArn);
    if (known) return known;
    const policies = this.#role(roleArn).policies.map(({ name, document }) =>
      readPolicy('identity', name, without(roleArn, document, this.#withheld)),
    );
    this.#identityPolicies.set(roleArn, policies);
    return policies;
  }

  #resourcePolicy({ holder, json }: ResourcePolicy): Policy {
    const known = this.#resourcePolicies.get(json);
    if (known) return known;
    const document = without(holder, JSON.parse(json) as PolicyDocument, this.#withheld);
    const policy = readPolicy('resource', `at ${holder}`, document);
    this.#resourcePolicies.set(json, policy);
    return policy;
  }

  #role(arn: string): Role {
    const role = this.#roles.get(arn);
    if (!role) throw new PolicyError(`there is no role ${arn}`);
    return role;
  }

  #forget(): void {
    this.#identityPolicies.clear();
    this.#resourcePolicies.clear();
    this.#decisions.clear();
  }
}

/** What the operator has in place of policies. */
const everything: Policy = readPolicy('identity', 'of the operator', {
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
});

/** Of the keys that a service fills, those that the policies read: the rest decides nothing. */
function readBy(policies: readonly Policy[], context: Context): Context {
  const read: Record<string, string | readonly string[]> = {};
  for (const { conditionKeys } of policies) {
    for (const key of conditionKeys) {
      const value = context[key];
      if (value !== undefined) read[key] = value;
    }
  }
  return read;
}
