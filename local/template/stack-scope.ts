import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { Stack } from './assembly.ts';
import { holds } from './conditions.ts';
import { TemplateError } from './errors.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { type Addresses, type Identity, identify } from './resource-types.ts';
import { isObject, type Json, type JsonObject, type TemplateOutput, type TemplateResource } from './template.ts';

/** What a stack sees of the others. */
export type Surroundings = Pick<Scope, 'exported' | 'stackOutput'> & { readonly addresses: Addresses };

/**
 * The values of one stack. Nothing has to exist for them to be known: names and ARNs follow from the template alone, so
 * that resources can be made in any order and all at once.
 */
export class StackScope implements Scope {
  readonly stack: Stack;
  readonly #surroundings: Surroundings;
  readonly #identities = new Map<string, Identity>();
  readonly #pseudoParameters: Readonly<Record<string, string>>;

  constructor(stack: Stack, surroundings: Surroundings) {
    this.stack = stack;
    this.#surroundings = surroundings;
    this.#pseudoParameters = {
      'AWS::AccountId': LOCAL_ACCOUNT,
      'AWS::Partition': 'aws',
      'AWS::Region': LOCAL_REGION,
      'AWS::StackId': `arn:aws:cloudformation:${LOCAL_REGION}:${LOCAL_ACCOUNT}:stack/${stack.name}/local`,
      'AWS::StackName': stack.name,
      'AWS::URLSuffix': 'amazonaws.com',
    };
  }

  ref(name: string): Json {
    const pseudoParameter = this.#pseudoParameters[name];
    if (pseudoParameter !== undefined) return pseudoParameter;
    if (this.stack.template.Parameters?.[name]) return this.#parameter(name);
    return this.identity(name).ref;
  }

  attribute(logicalId: string, attribute: string): Json {
    const value = this.identity(logicalId).attributes[attribute];
    if (value !== undefined) return value;
    throw new TemplateError(`${this.#resource(logicalId).Type} ${logicalId} has no attribute ${attribute} here`);
  }

  exported(name: string): Json {
    return this.#surroundings.exported(name);
  }

  stackOutput(stackName: string, outputName: string): Json {
    return this.#surroundings.stackOutput(stackName, outputName);
  }

  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json {
    const value = this.stack.template.Mappings?.[map]?.[topLevelKey]?.[secondLevelKey];
    if (value === undefined) throw new TemplateError(`no mapping ${map}.${topLevelKey}.${secondLevelKey}`);
    return value;
  }

  condition(name: string): boolean {
    const condition = this.stack.template.Conditions?.[name];
    if (condition === undefined) throw new TemplateError(`no condition ${name}`);
    return holds(condition, this);
  }

  identity(logicalId: string): Identity {
    const known = this.#identities.get(logicalId);
    if (known) return known;
    const resource = this.#resource(logicalId);
    const identity = identify(resource.Type, {
      stackName: this.stack.name,
      logicalId,
      explicitName: (property) => this.#explicitName(resource, property),
      addresses: this.#surroundings.addresses,
    });
    this.#identities.set(logicalId, identity);
    return identity;
  }

  /** The resources whose condition holds. */
  resources(): [logicalId: string, TemplateResource][] {
    return Object.entries(this.stack.template.Resources ?? {}).filter(([, resource]) => this.#isDeclared(resource));
  }

  /** The outputs whose condition holds. */
  outputs(): [name: string, TemplateOutput][] {
    return Object.entries(this.stack.template.Outputs ?? {}).filter(([, output]) => this.#isDeclared(output));
  }

  properties(resource: TemplateResource): JsonObject {
    const properties = resolve(resource.Properties ?? {}, this);
    return isObject(properties) ? properties : {};
  }

  #isDeclared({ Condition }: { readonly Condition?: string }): boolean {
    return Condition === undefined || this.condition(Condition);
  }

  #parameter(name: string): Json {
    const value = this.stack.template.Parameters?.[name]?.Default;
    if (value === undefined)
      throw new TemplateError(`the parameter ${name} has no default, and nobody is there to ask`);
    return value;
  }

  #resource(logicalId: string): TemplateResource {
    const resource = this.stack.template.Resources?.[logicalId];
    if (!resource) throw new TemplateError(`the stack ${this.stack.name} declares no ${logicalId}`);
    return resource;
  }

  #explicitName(resource: TemplateResource, property: string): string | undefined {
    const name = resource.Properties?.[property];
    return name === undefined ? undefined : (resolve(name, this) as string | undefined);
  }
}
