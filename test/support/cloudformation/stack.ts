import type { CloudAssembly } from 'aws-cdk-lib/cx-api';
import type { Template as Described, TemplateResource } from '../../../local/template/template.ts';

/** A stack as the cloud assembly declares it. */
export interface DeclaredStack {
  readonly name: string;
  readonly template: Template;
  /** names of the stacks that are deployed before it */
  readonly dependencies: readonly string[];
  readonly terminationProtection?: boolean;
}

export interface Template extends Omit<Described, 'Resources'> {
  readonly Resources: Readonly<Record<string, Resource>>;
}

export interface Resource extends TemplateResource {
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: 'Delete' | 'Retain' | 'RetainExceptOnCreate' | 'Snapshot';
}

/** Every stack of an assembly, with what its manifest says of it. */
export function stacksOf({ stacks }: CloudAssembly): DeclaredStack[] {
  const names = new Map(stacks.map(({ id, stackName }) => [id, stackName]));
  return stacks.map(({ stackName, template, dependencies, terminationProtection }) => ({
    name: stackName,
    template,
    dependencies: dependencies.flatMap(({ id }) => names.get(id) ?? []),
    terminationProtection: terminationProtection ?? false,
  }));
}

type Choice = (ready: readonly DeclaredStack[]) => DeclaredStack;

/**
 * The stacks, each after those that it depends on.
 * @param choose which goes next of those that may; no choice of it may break a deployment
 * @throws {Error} when stacks depend on each other, or on one that there is not
 */
export function inOrder(stacks: readonly DeclaredStack[], choose: Choice): DeclaredStack[] {
  const waiting = new Set(stacks);
  const ordered = new Map<string, DeclaredStack>();
  while (waiting.size > 0) {
    const ready = [...waiting].filter(({ dependencies }) => dependencies.every((name) => ordered.has(name)));
    if (ready.length === 0) throw new Error(`nothing of ${[...waiting].map(({ name }) => name)} can be deployed first`);
    const next = choose(ready);
    waiting.delete(next);
    ordered.set(next.name, next);
  }
  return [...ordered.values()];
}
