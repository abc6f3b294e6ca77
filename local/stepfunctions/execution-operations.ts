import { randomUUID } from 'node:crypto';
import type { Clock } from '../service.ts';
import {
  describedEvent,
  describedExecution,
  describedStateMachine,
  listedExecution,
  wireTime,
} from './descriptions.ts';
import type { Execution, ExecutionStatus } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { Executions } from './executions.ts';
import type { HistoryStore } from './history-store.ts';
import { assertExecutionArn, assertName } from './names.ts';
import { cut, type PageInput, pageOf } from './paging.ts';
import { exceedsPayload, MAX_PAYLOAD_BYTES } from './payload-size.ts';
import {
  executionDoesNotExist,
  executionNotRedrivable,
  invalidExecutionInput,
  notEmulated,
  validation,
} from './refusals.ts';
import type { StateMachines } from './state-machines.ts';

export interface ExecutionOperationsOptions {
  readonly machines: StateMachines;
  readonly executions: Executions;
  readonly store: ExecutionStore;
  readonly history: HistoryStore;
  readonly now: Clock;
}

interface StartInput {
  readonly stateMachineArn: string;
  readonly name?: string;
  readonly input?: string;
}

interface ListInput extends PageInput {
  readonly stateMachineArn?: string;
  readonly statusFilter?: string;
  readonly redriveFilter?: string;
}

interface HistoryInput extends PageInput {
  readonly executionArn: string;
  readonly reverseOrder?: boolean;
  readonly includeExecutionData?: boolean;
}

interface DescribeInput {
  readonly executionArn: string;
  readonly includedData?: string;
}

interface StopInput {
  readonly executionArn: string;
  readonly error?: string;
  readonly cause?: string;
}

const STATUSES: readonly string[] = [
  'RUNNING',
  'SUCCEEDED',
  'FAILED',
  'TIMED_OUT',
  'ABORTED',
] satisfies ExecutionStatus[];
const isStatus = (value: string): value is ExecutionStatus => STATUSES.includes(value);

const REDRIVE_PERIOD_MS = 14 * 24 * 3_600_000;

export function executionOperations({ machines, executions, store, history, now }: ExecutionOperationsOptions) {
  const find = (arn: string): Execution => {
    const execution = store.find(assertExecutionArn(arn));
    if (!execution) throw executionDoesNotExist(arn);
    return execution;
  };
  return {
    StartExecution({ stateMachineArn, name = randomUUID(), input = '{}' }: StartInput) {
      const machine = machines.get(stateMachineArn);
      const { arn, startedAtMs } = executions.start(machine, assertName(name), assertInput(input));
      return { executionArn: arn, startDate: wireTime(startedAtMs) };
    },

    async StopExecution({ executionArn, error, cause }: StopInput) {
      const stopped = await executions.stop(find(executionArn), error, cause);
      return { stopDate: wireTime(stopped.stoppedAtMs ?? now()) }; // it has none where the cloud stops meanwhile
    },

    RedriveExecution({ executionArn }: { executionArn: string }) {
      const execution = find(executionArn);
      assertRedrivable(execution, now());
      return { redriveDate: wireTime(executions.redrive(execution).redrivenAtMs!) };
    },

    DescribeExecution: ({ executionArn, includedData }: DescribeInput) =>
      describedExecution(find(executionArn), includedData !== 'METADATA_ONLY'),

    DescribeStateMachineForExecution({ executionArn }: { executionArn: string }) {
      const { stateMachine, definition, roleArn, startedAtMs } = find(executionArn);
      const then = { name: stateMachine, definition, roleArn, createdAtMs: startedAtMs, updatedAtMs: startedAtMs };
      const { creationDate: _, status: __, type: ___, ...description } = describedStateMachine(then);
      return { ...description, updateDate: wireTime(startedAtMs) };
    },

    ListExecutions(input: ListInput) {
      const asked = pageOf(input);
      if (!input.stateMachineArn) throw notEmulated('a list of executions without a state machine');
      const { name } = machines.get(input.stateMachineArn);
      const filter = { stateMachine: name, ...filterOf(input) };
      const before = Number(asked.after ?? Number.MAX_SAFE_INTEGER);
      const { page, nextToken } = cut(store.list(filter, before, asked.limit + 1), asked, ({ seq }) => seq);
      return { executions: page.map(listedExecution), nextToken };
    },

    GetExecutionHistory(input: HistoryInput) {
      const asked = pageOf(input);
      const { seq } = find(input.executionArn);
      const isReverse = input.reverseOrder ?? false;
      const after = Number(asked.after ?? (isReverse ? Number.MAX_SAFE_INTEGER : 0));
      const rows = history.list(seq, { after, limit: asked.limit + 1, isReverse });
      const { page, nextToken } = cut(rows, asked, ({ id }) => id);
      return { events: page.map((event) => describedEvent(event, input.includeExecutionData ?? true)), nextToken };
    },
  };
}

function filterOf({ statusFilter, redriveFilter }: ListInput) {
  if (statusFilter !== undefined && !isStatus(statusFilter)) {
    throw validation(`statusFilter must be one of ${STATUSES.join(', ')}, not ${statusFilter}`);
  }
  return { status: statusFilter, isRedriven: redriveFilter === undefined ? undefined : redriveFilter === 'REDRIVEN' };
}

function assertInput(input: string): string {
  if (exceedsPayload(input)) throw validation(`input must have at most ${MAX_PAYLOAD_BYTES} bytes`);
  try {
    JSON.parse(input);
    return input;
  } catch (error) {
    throw invalidExecutionInput((error as SyntaxError).message);
  }
}

function assertRedrivable({ status, stoppedAtMs = 0 }: Execution, nowMs: number): void {
  if (status === 'RUNNING' || status === 'SUCCEEDED') {
    throw executionNotRedrivable(`Execution is ${status} and cannot be redriven`);
  }
  if (nowMs - stoppedAtMs > REDRIVE_PERIOD_MS) {
    throw executionNotRedrivable('Execution has exceeded the redrivable period of 14 days');
  }
}
