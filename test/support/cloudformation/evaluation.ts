import { isDeepStrictEqual } from 'node:util';
import { holds } from '../../../local/template/conditions.ts';
import { resolve, type Scope } from '../../../local/template/intrinsics.ts';
import type { Json, JsonObject } from '../../../local/template/template.ts';
import { DeploymentRefusedError } from './refusal.ts';
import { specificationOf } from './specification.ts';
import type { DeclaredStack, Resource } from './stack.ts';

export interface DeployedResource {
  readonly type: string;
  readonly properties: JsonObject;
  /** what `Ref` gives; another after each replacement */
  readonly physicalId: string;
  readonly isRetained: boolean;
}

/** What a stack sees of the others, at the moment of its deployment. */
export type Surroundings = Pick<Scope, 'exported' | 'stackOutput'>;

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::StackId': 'arn:aws:cloudformation:eu-central-1:123456789012:stack/simulated/0',
  'AWS::URLSuffix': 'amazonaws.com',
};

/** Works out every value of a stack, as its deployment would, and the resources in the order of their creation. */
export class Evaluation implements Scope {
  readonly resources = new Map<string, DeployedResource>();
  readonly imports = new Set<string>();
  readonly #stack: DeclaredStack;
  readonly #previous: ReadonlyMap<string, DeployedResource>;
  readonly #surroundings: Surroundings;
  readonly #begun = new Set<string>();

  constructor(stack: DeclaredStack, previous: ReadonlyMap<string, DeployedResource>, surroundings: Surroundings) {
    this.#stack = stack;
    this.#previous = previous;
    this.#surroundings = surroundings;
    for (const [logicalId, { Condition }] of Object.entries(stack.template.Resources)) {
      if (this.#isThere(Condition)) this.#resource(logicalId);
    }
  }

  /** The outputs, each with the name that it is exported under. */
  outputs(): { name: string; value: Json; exportName: Json | undefined }[] {
    return Object.entries(this.#stack.template.Outputs ?? {})
      .filter(([, { Condition }]) => this.#isThere(Condition))
      .map(([name, { Value, Export }]) => ({
        name,
        value: resolve(Value, this)!,
        exportName: Export && resolve(Export.Name, this),
      }));
  }

  ref(name: string): Json {
    if (name === 'AWS::StackName') return this.#stack.name;
    const parameter = this.#stack.template.Parameters?.[name];
    return pseudoParameters[name] ?? (parameter ? this.#default(name, parameter) : this.#resource(name).physicalId);
  }

  attribute(logicalId: string, attribute: string): Json {
    return `${this.#resource(logicalId).physicalId}.${attribute}`;
  }

  exported(name: string): Json {
    this.imports.add(name);
    return this.#surroundings.exported(name);
  }

  stackOutput(stackName: string, outputName: string): Json {
    return this.#surroundings.stackOutput(stackName, outputName);
  }

  mapping(map: string, topLevelKey: string, secondLevelKey: string): Json {
    const value = this.#stack.template.Mappings?.[map]?.[topLevelKey]?.[secondLevelKey];
    return value ?? this.#refuse(`declares no mapping ${map}.${topLevelKey}.${secondLevelKey}`);
  }

  condition(name: string): boolean {
    const condition = this.#stack.template.Conditions?.[name];
    return condition === undefined ? this.#refuse(`declares no condition ${name}`) : holds(condition, this);
  }

  #isThere(condition: string | undefined): boolean {
    return condition === undefined || this.condition(condition);
  }

  #default(name: string, { Default }: { readonly Default?: Json }): Json {
    return Default ?? this.#refuse(`has no value for its parameter ${name}`);
  }

  #resource(logicalId: string): DeployedResource {
    const known = this.resources.get(logicalId);
    if (known) return known;
    const declared = this.#stack.template.Resources[logicalId];
    if (!declared || !this.#isThere(declared.Condition))
      this.#refuse(`refers to ${logicalId}, which it does not declare`);
    if (this.#begun.has(logicalId))
      this.#refuse(`has resources that wait for each other: ${[...this.#begun].join(', ')}`);
    this.#begun.add(logicalId);
    const resource = this.#deployed(logicalId, declared!);
    this.#begun.delete(logicalId);
    this.resources.set(logicalId, resource);
    return resource;
  }

  #deployed(
    logicalId: string,
    { Type: type, Properties = {}, DependsOn = [], DeletionPolicy }: Resource,
  ): DeployedResource {
    for (const dependency of [DependsOn].flat()) this.#resource(dependency);
    const properties = resolve(Properties, this) as JsonObject;
    const isRetained = DeletionPolicy?.startsWith('Retain') ?? false;
    return { type, properties, physicalId: this.#physicalId(logicalId, type, properties), isRetained };
  }

  #physicalId(logicalId: string, type: string, properties: JsonObject): string {
    const previous = this.#previous.get(logicalId);
    const name = fixedName(type, properties);
    if (!previous) return name ?? this.#newId(logicalId);
    if (!isReplaced(previous, { type, properties })) return previous.physicalId;
    if (name === previous.physicalId) this.#refuse(`cannot replace ${logicalId}, whose name is fixed: ${name}`);
    return name ?? this.#newId(logicalId);
  }

  #newId(logicalId: string): string {
    return `${this.#stack.name}/${logicalId}/${crypto.randomUUID()}`;
  }

  #refuse(fault: string): never {
    throw new DeploymentRefusedError(`${this.#stack.name} ${fault}`);
  }
}

const isReplaced = (before: DeployedResource, after: Pick<DeployedResource, 'type' | 'properties'>): boolean =>
  before.type !== after.type ||
  specificationOf(after.type).replacing.some(
    (name) => !isDeepStrictEqual(before.properties[name], after.properties[name]),
  );

/** The name that a template gives a resource, where no two may share one: `BucketName` of a bucket, `Name` of a bus. */
export function fixedName(type: string, properties: JsonObject): string | undefined {
  const own = `${type
    .split('::')
    .at(-1)!
    .replace(/^Global/, '')}Name`;
  const property = specificationOf(type).replacing.find((name) => name === own || name === 'Name');
  return property && (properties[property] as string | undefined);
}
