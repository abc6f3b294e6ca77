import type { Execution } from './execution.ts';
import { detailsMember } from './history.ts';
import type { HistoryEvent } from './history-store.ts';
import { stateMachineArn } from './names.ts';
import type { StateMachine } from './state-machine-store.ts';

/** Epoch seconds, as the protocol has times. */
export const wireTime = (ms: number): number => ms / 1000;

const wireTimeOrNone = (ms: number | undefined): number | undefined => (ms === undefined ? undefined : wireTime(ms));

export const listedStateMachine = ({ name, createdAtMs }: StateMachine) => ({
  stateMachineArn: stateMachineArn(name),
  name,
  type: 'STANDARD',
  creationDate: wireTime(createdAtMs),
});

export const describedStateMachine = (machine: StateMachine) => ({
  ...listedStateMachine(machine),
  status: 'ACTIVE',
  definition: machine.definition,
  roleArn: machine.roleArn,
  loggingConfiguration: { level: 'OFF', includeExecutionData: false },
  tracingConfiguration: { enabled: false },
});

export const listedExecution = (execution: Execution) => ({
  executionArn: execution.arn,
  stateMachineArn: stateMachineArn(execution.stateMachine),
  name: execution.name,
  status: execution.status,
  startDate: wireTime(execution.startedAtMs),
  stopDate: wireTimeOrNone(execution.stoppedAtMs),
  redriveCount: execution.redriveCount,
  redriveDate: wireTimeOrNone(execution.redrivenAtMs),
});

export function describedExecution(execution: Execution, includesData: boolean) {
  const { input, output, error, cause } = execution;
  const data = { input, output, error, cause };
  return {
    ...listedExecution(execution),
    ...redriveStatus(execution),
    ...(includesData ? data : {}),
    inputDetails: { included: includesData },
    outputDetails: output === undefined ? undefined : { included: includesData },
  };
}

function redriveStatus({ status }: Execution) {
  if (status !== 'SUCCEEDED' && status !== 'RUNNING') return { redriveStatus: 'REDRIVABLE' };
  const redriveStatusReason = `Execution is ${status} and cannot be redriven`;
  return { redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason };
}

/** The members that hold what an execution worked on. */
const DATA = ['input', 'output', 'parameters'];

export function describedEvent({ id, previousId, atMs, type, details }: HistoryEvent, includesData: boolean) {
  const event = { id, previousEventId: previousId, timestamp: wireTime(atMs), type };
  if (!details) return event;
  const members = Object.entries(details).filter(([name]) => includesData || !DATA.includes(name));
  const truncation = ['input', 'output']
    .filter((name) => includesData && name in details)
    .map((name) => [`${name}Details`, { truncated: false }]);
  return { ...event, [detailsMember(type)]: Object.fromEntries([...members, ...truncation]) };
}
