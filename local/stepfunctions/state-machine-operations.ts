import { describedStateMachine, listedStateMachine, wireTime } from './descriptions.ts';
import { stateMachineArn } from './names.ts';
import { cut, type PageInput, pageOf } from './paging.ts';
import { notEmulated } from './refusals.ts';
import type { StateMachines } from './state-machines.ts';

interface CreateInput {
  readonly name: string;
  readonly definition: string;
  readonly roleArn: string;
  readonly type?: string;
  readonly publish?: boolean;
}

export const stateMachineOperations = (machines: StateMachines) => ({
  CreateStateMachine({ name, definition, roleArn, type = 'STANDARD', publish }: CreateInput) {
    if (type !== 'STANDARD') throw notEmulated(`a state machine of type ${type}`);
    if (publish) throw notEmulated('a version of a state machine');
    const { createdAtMs } = machines.create({ name, definition, roleArn });
    return { stateMachineArn: stateMachineArn(name), creationDate: wireTime(createdAtMs) };
  },

  DescribeStateMachine: ({ stateMachineArn: arn }: { stateMachineArn: string }) =>
    describedStateMachine(machines.get(arn)),

  /** By name, where AWS has an order of its own. */
  ListStateMachines(input: PageInput) {
    const asked = pageOf(input);
    const { page, nextToken } = cut(machines.after(asked.after ?? '', asked.limit + 1), asked, ({ name }) => name);
    return { stateMachines: page.map(listedStateMachine), nextToken };
  },
});
