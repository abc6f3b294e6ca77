import { type CloudFormationClient, paginateDescribeStacks, type Stack } from '@aws-sdk/client-cloudformation';
import { stackName } from '@kilat/contracts';
import { awsError } from './aws-error.ts';
import { regionOf } from './region.ts';

/** A stack, as CloudFormation tells of it. */
export interface DeployedStack {
  readonly name: string;
  readonly status: string;
  readonly outputs: Readonly<Record<string, string>>;
}

/** The stacks of a stage in one account and region. */
export interface StageStacks {
  readonly region: string;
  readonly stacks: readonly DeployedStack[];
}

/** Of a stack's name, what follows its stage's: one word, or `staging` would own the stacks of `staging-eu`. */
const STACK_ID = /^[a-z0-9]+$/;

/** @throws {CliError} when AWS does not tell: no region, no credentials, not allowed */
export async function stacksOf(client: CloudFormationClient, stage: string): Promise<StageStacks> {
  const region = await regionOf(client);
  const prefix = stackName(stage, '');
  const stacks: DeployedStack[] = [];
  try {
    for await (const { Stacks = [] } of paginateDescribeStacks({ client }, {})) {
      const own = Stacks.filter(({ StackName: name = '' }) => isBelow(prefix, name));
      stacks.push(...own.map(deployedStack));
    }
  } catch (error) {
    throw awsError(error, `read the stacks in ${region}`);
  }
  return { region, stacks };
}

const isBelow = (prefix: string, name: string): boolean =>
  name.startsWith(prefix) && STACK_ID.test(name.slice(prefix.length));

const deployedStack = ({ StackName, StackStatus, Outputs = [] }: Stack): DeployedStack => ({
  name: StackName!,
  status: StackStatus!,
  outputs: Object.fromEntries(Outputs.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue])),
});
