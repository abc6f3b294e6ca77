import { AwsError } from '../aws-json.ts';
import type { StepFunctionsService } from '../stepfunctions/index.ts';
import { NotEmulatedError, TemplateError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const stateMachineIdentity: Identify = (resource) => {
  const name = resource.explicitName('StateMachineName') ?? physicalName(resource, 80);
  const machineArn = arn('states', `stateMachine:${name}`);
  return { physicalName: name, ref: machineArn, attributes: { Arn: machineArn, Name: name } };
};

interface StateMachineProperties {
  readonly Definition?: object;
  readonly DefinitionString?: string;
  readonly DefinitionSubstitutions?: Readonly<Record<string, string | number | boolean>>;
  readonly RoleArn: string;
  readonly StateMachineType?: string;
}

/** @throws {TemplateError} saying what the definition has that is wrong, or not emulated */
export function applyStateMachines(machines: readonly Resource[], stepfunctions: StepFunctionsService): void {
  for (const machine of machines) {
    const properties = propertiesOf<StateMachineProperties>(machine);
    const { RoleArn: roleArn, StateMachineType = 'STANDARD' } = properties;
    if (StateMachineType !== 'STANDARD') {
      throw new NotEmulatedError(`${machine.logicalId}: ${StateMachineType} workflows are not emulated`);
    }
    try {
      stepfunctions.ensureStateMachine({ name: machine.physicalName, definition: definitionOf(machine), roleArn });
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      throw new TemplateError(`${machine.logicalId}: ${error.message}`, { cause: error });
    }
  }
}

/** `${name}` in the definition stands for its substitution. */
function definitionOf(machine: Resource): string {
  const { Definition, DefinitionString, DefinitionSubstitutions = {} } = propertiesOf<StateMachineProperties>(machine);
  const text = DefinitionString ?? (Definition && JSON.stringify(Definition));
  if (!text) throw new NotEmulatedError(`${machine.logicalId}: a definition in S3 is not emulated`);
  return text.replace(/\$\{(\w+)\}/g, (whole, name: string) => String(DefinitionSubstitutions[name] ?? whole));
}
