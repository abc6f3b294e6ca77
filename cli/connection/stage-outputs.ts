import { type StageOutput, stackName, stageOutputs } from '@kilat/contracts';
import { verdictOf } from '../aws/stack-status.ts';
import type { StageStacks } from '../aws/stacks.ts';
import { CliError } from '../errors.ts';

/**
 * An output of a deployed stage.
 * @throws {CliError} when the stage is not in that region, or not whole
 */
export function outputOf(stage: string, { region, stacks }: StageStacks, output: StageOutput): string {
  const name = stackName(stage, stageOutputs[output]);
  const stack = stacks.find((candidate) => candidate.name === name);
  if (!stack) throw new CliError(stacks.length === 0 ? notThere(stage, region) : incomplete(stage, name));
  const value = stack.outputs[output];
  if (value !== undefined) return value;
  const verdict = verdictOf(stack);
  if (verdict.kind === 'ready')
    throw new CliError(`${name} has no output ${output}: an older Kilat made it; ${anew(stage)}`);
  throw new CliError(`${name} is in ${stack.status}: ${verdict.what}; ${verdict.todo}`);
}

const anew = (stage: string): string => `npm run deploy -- --stage ${stage}`;

const notThere = (stage: string, region: string): string =>
  `no stack of stage '${stage}' is in ${region} for these AWS credentials; another region is named with AWS_REGION, ` +
  `another account with AWS_PROFILE, and the stage is deployed with ${anew(stage)}`;

const incomplete = (stage: string, name: string): string =>
  `stage '${stage}' is deployed in part: ${name} is missing; finish it with ${anew(stage)}`;
