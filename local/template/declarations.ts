import type { Stack } from './assembly.ts';
import { TemplateError } from './errors.ts';
import { resolve } from './intrinsics.ts';
import { assertKnownProperties } from './known-properties.ts';
import type { Addresses, Resource } from './resource.ts';
import { StackScope } from './stack-scope.ts';
import { isObject, type Json, type TemplateResource } from './template.ts';

/** Outputs by stack and name. */
export type Outputs = Readonly<Record<string, Readonly<Record<string, Json>>>>;

/** All that an assembly declares, over all of its stacks. */
export class Declarations {
  readonly #scopes: readonly StackScope[];
  readonly #resources: readonly Resource[];

  /** @throws {TemplateError} naming the resource, where one is not emulated or cannot be worked out */
  constructor(stacks: readonly Stack[], addresses: Addresses) {
    const surroundings = {
      addresses,
      exported: (name: string) => this.#exported(name),
      stackOutput: (stackName: string, outputName: string) => this.#stackOutput(stackName, outputName),
    };
    this.#scopes = stacks.map((stack) => new StackScope(stack, surroundings));
    this.#resources = this.#scopes.flatMap(declaredIn);
  }

  of(...types: readonly string[]): Resource[] {
    return this.#resources.filter((resource) => types.includes(resource.type));
  }

  outputs(): Outputs {
    const entries = this.#scopes.map((scope) => {
      const values = scope.outputs().map(([name, { Value }]) => [name, resolve(Value, scope) ?? null]);
      return [scope.stack.name, Object.fromEntries(values)];
    });
    return Object.fromEntries(entries);
  }

  /** The folder or file of an asset, by image tag or object key. */
  asset(key: string): string | undefined {
    return this.#scopes.map(({ stack }) => stack.assets.get(key)).find((path) => path !== undefined);
  }

  #exported(exportName: string): Json {
    for (const scope of this.#scopes) {
      for (const [, { Value, Export }] of scope.outputs()) {
        if (Export && resolve(Export.Name, scope) === exportName) return resolve(Value, scope) ?? null;
      }
    }
    throw new TemplateError(`no stack exports ${exportName}`);
  }

  #stackOutput(stackName: string, outputName: string): Json {
    const scope = this.#scopes.find(({ stack }) => stack.name === stackName);
    const output = scope?.outputs().find(([name]) => name === outputName)?.[1];
    if (!scope || !output) throw new TemplateError(`no stack ${stackName} has an output ${outputName}`);
    return resolve(output.Value, scope) ?? null;
  }
}

function declaredIn(scope: StackScope): Resource[] {
  const resources = scope.resources();
  const providers = customResourceProviders(resources);
  return resources
    .filter(([logicalId]) => !providers.has(logicalId))
    .map(([logicalId, resource]) => declare(scope, logicalId, resource));
}

/** CDK's own functions behind custom resources (Python, mostly): the local cloud does their work itself. */
function customResourceProviders(resources: readonly [string, TemplateResource][]): ReadonlySet<string> {
  const tokens = resources
    .filter(([, { Type }]) => Type.startsWith('Custom::'))
    .map(([, { Properties }]) => Properties?.ServiceToken);
  return new Set(tokens.map((token) => String(isObject(token) ? [token['Fn::GetAtt']].flat()[0] : token)));
}

function declare(scope: StackScope, logicalId: string, resource: TemplateResource): Resource {
  try {
    const identity = scope.identity(logicalId);
    const properties = scope.properties(resource);
    assertKnownProperties(resource.Type, properties);
    return { ...identity, stackName: scope.stack.name, logicalId, type: resource.Type, properties };
  } catch (error) {
    if (error instanceof TemplateError) error.message = `${scope.stack.name}/${logicalId}: ${error.message}`;
    throw error;
  }
}
