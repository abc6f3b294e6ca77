import { isDeepStrictEqual } from 'node:util';
import type { Json } from '../../../local/template/template.ts';
import { deletionBlockers } from './deletion.ts';
import { type DeployedResource, Evaluation, fixedName, type Surroundings } from './evaluation.ts';
import { DeploymentRefusedError } from './refusal.ts';
import type { DeclaredStack } from './stack.ts';

interface DeployedStack {
  readonly declared: DeclaredStack;
  readonly resources: ReadonlyMap<string, DeployedResource>;
  readonly outputs: ReadonlyMap<string, Json>;
  readonly exports: ReadonlyMap<string, Json>;
  readonly imports: ReadonlySet<string>;
}

/** Lambda deletes it with its function, whatever CloudFormation retains: only an update leaves it. */
const FUNCTION_VERSION = 'AWS::Lambda::Version';

/**
 * One region of an account, in which stacks are deployed and destroyed by CloudFormation's rules: nothing is called, and
 * of resources only names, references and what holds up their deletion matter.
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-getstackoutput.html
 */
export class SimulatedAccount implements Surroundings {
  readonly #stacks = new Map<string, DeployedStack>();
  /** the names of what outlived its stack */
  readonly #leftNames = new Set<string>();

  /**
   * Creates a stack, or updates it.
   * @throws {DeploymentRefusedError}
   */
  deploy(declared: DeclaredStack): void {
    const previous = this.#stacks.get(declared.name);
    const evaluation = new Evaluation(declared, previous?.resources ?? new Map(), this);
    const outputs = evaluation.outputs();
    const exported = outputs.filter(({ exportName }) => exportName !== undefined);
    const next = {
      declared,
      resources: evaluation.resources,
      outputs: new Map(outputs.map(({ name, value }) => [name, value])),
      exports: new Map(exported.map(({ exportName, value }) => [String(exportName), value])),
      imports: evaluation.imports,
    };
    if (next.exports.size < exported.length) refuse(`${declared.name} exports a name twice`);
    this.#assertNamesAreFree(next, previous);
    this.#assertExportsAreFree(next);
    if (previous) this.#assertKeepsWhatIsImported(previous, next.exports);
    this.#stacks.set(declared.name, next);
  }

  /**
   * @returns the logical ids of what stays, because it is retained
   * @throws {DeploymentRefusedError}
   */
  destroy(name: string): string[] {
    const stack = this.#stacks.get(name) ?? refuse(`there is no stack ${name}`);
    if (stack.declared.terminationProtection) refuse(`${name} is protected from termination`);
    this.#assertKeepsWhatIsImported(stack, new Map());
    const [blocker] = deletionBlockers(stack.resources);
    if (blocker) refuse(`${name}: ${blocker}`);
    this.#stacks.delete(name);
    const retained = [...stack.resources].filter(([, { isRetained, type }]) => isRetained && type !== FUNCTION_VERSION);
    for (const [, resource] of retained) this.#leftNames.add(nameOf(resource) ?? '');
    return retained.map(([logicalId]) => logicalId);
  }

  /** What a person does who wants to destroy a stack that is protected. */
  liftTerminationProtection(name: string): void {
    const stack = this.#stacks.get(name)!;
    this.#stacks.set(name, { ...stack, declared: { ...stack.declared, terminationProtection: false } });
  }

  resource(stackName: string, logicalId: string): DeployedResource | undefined {
    return this.#stacks.get(stackName)?.resources.get(logicalId);
  }

  exported(name: string): Json {
    const exporter = [...this.#stacks.values()].find(({ exports }) => exports.has(name));
    return exporter?.exports.get(name) ?? refuse(`there is no export ${name}`);
  }

  stackOutput(stackName: string, outputName: string): Json {
    return this.#stacks.get(stackName)?.outputs.get(outputName) ?? refuse(`${stackName} has no output ${outputName}`);
  }

  #assertExportsAreFree({ declared, exports }: DeployedStack): void {
    for (const other of this.#stacks.values()) {
      if (other.declared.name === declared.name) continue;
      const taken = [...exports.keys()].find((name) => other.exports.has(name));
      if (taken) refuse(`${declared.name} exports ${taken}, as ${other.declared.name} does`);
    }
  }

  #assertNamesAreFree({ declared, resources }: DeployedStack, previous: DeployedStack | undefined): void {
    const others = [...this.#stacks.values()].filter((stack) => stack.declared.name !== declared.name);
    const taken = new Set([
      ...this.#leftNames,
      ...others.flatMap((stack) => [...stack.resources.values()].map(nameOf)),
    ]);
    for (const [logicalId, resource] of resources) {
      const name = nameOf(resource);
      const isNew = previous?.resources.get(logicalId)?.physicalId !== resource.physicalId;
      if (isNew && name && taken.has(name)) refuse(`${declared.name}: ${logicalId} exists already, as ${name}`);
    }
  }

  #assertKeepsWhatIsImported({ declared, exports }: DeployedStack, kept: ReadonlyMap<string, Json>): void {
    for (const [name, value] of exports) {
      const reader = [...this.#stacks.values()].find(({ imports }) => imports.has(name));
      if (!reader || (kept.has(name) && isDeepStrictEqual(kept.get(name), value))) continue;
      refuse(`${declared.name}: the export ${name} cannot go or change while ${reader.declared.name} imports it`);
    }
  }
}

/** Of its type, since a queue and a table may well share one. */
function nameOf({ type, properties }: DeployedResource): string | undefined {
  const name = fixedName(type, properties);
  return name && `${type} ${name}`;
}

function refuse(fault: string): never {
  throw new DeploymentRefusedError(fault);
}
