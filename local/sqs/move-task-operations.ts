import { randomUUID } from 'node:crypto';
import type { AwsOperation } from '../aws-json.ts';
import { SqsError } from './errors.ts';
import type { MoveTaskRunner } from './move-task-runner.ts';
import type { MoveTask } from './move-tasks.ts';
import { optionalInteger, required } from './parameters.ts';
import type { Queue } from './queues.ts';
import { sourcesOf } from './redrive-policy.ts';
import type { Sqs } from './state.ts';

interface StartInput {
  readonly SourceArn?: string;
  readonly DestinationArn?: string;
  readonly MaxNumberOfMessagesPerSecond?: number;
}

export function moveTaskOperations(sqs: Sqs, runner: MoveTaskRunner): Record<string, AwsOperation> {
  const { moveTasks } = sqs;
  return {
    StartMessageMoveTask: (input: StartInput) => {
      const task = newTask(sqs, input);
      moveTasks.save(task);
      runner.start(task.id);
      return { TaskHandle: handleOf(task) };
    },
    ListMessageMoveTasks: ({ SourceArn, MaxResults }) => {
      queueByArn(sqs, SourceArn, 'SourceArn');
      const limit = optionalInteger(MaxResults, 'MaxResults', { min: 1, max: 10 }) ?? 1;
      return { Results: moveTasks.ofSource(SourceArn, limit).map(present) };
    },
    CancelMessageMoveTask: ({ TaskHandle }) => {
      const task = moveTasks.find(taskIdOf(required(TaskHandle, 'TaskHandle')));
      if (task?.status !== 'RUNNING') throw new SqsError('ResourceNotFoundException', 'Task does not exist.');
      moveTasks.save({ ...task, status: 'CANCELLED' });
      return { ApproximateNumberOfMessagesMoved: task.moved };
    },
  };
}

function newTask(sqs: Sqs, input: StartInput): MoveTask {
  const source = queueByArn(sqs, input.SourceArn, 'SourceArn');
  if (sourcesOf(sqs.queues, source).length === 0) {
    throw new SqsError('InvalidParameterValue', 'Source queue must be configured as a Dead Letter Queue.');
  }
  if (input.DestinationArn) queueByArn(sqs, input.DestinationArn, 'DestinationArn');
  const sourceArn = required(input.SourceArn, 'SourceArn');
  if (sqs.moveTasks.running().some((task) => task.sourceArn === sourceArn)) {
    throw new SqsError(
      'InvalidParameterValue',
      'There is already a task running. Only one active task is allowed for a source queue arn at a given time.',
    );
  }
  const rate = optionalInteger(input.MaxNumberOfMessagesPerSecond, 'MaxNumberOfMessagesPerSecond', {
    min: 1,
    max: 500,
  });
  return {
    id: randomUUID(),
    sourceArn,
    destinationArn: input.DestinationArn ?? null,
    messagesPerSecond: rate ?? null,
    status: 'RUNNING',
    moved: 0,
    toMove: sqs.messages.count(source.name).ready,
    startedAtMs: sqs.now(),
    failureReason: null,
  };
}

function queueByArn({ queues }: Sqs, arn: string | undefined, parameter: string): Queue {
  const queue = queues.findByArn(required(arn, parameter));
  if (queue) return queue;
  throw new SqsError(
    'ResourceNotFoundException',
    `The resource that you specified for the ${parameter} parameter doesn't exist.`,
  );
}

const handleOf = ({ id, sourceArn }: MoveTask) =>
  Buffer.from(JSON.stringify({ taskId: id, sourceArn })).toString('base64');

const taskIdOf = (handle: string): string => parseHandle(handle).taskId;

/** The queue whose messages a task moves. @throws {SqsError} InvalidParameterValue */
export const sourceArnOf = (handle: string): string => parseHandle(handle).sourceArn;

function parseHandle(handle: string): { taskId: string; sourceArn: string } {
  try {
    const { taskId, sourceArn } = JSON.parse(Buffer.from(handle, 'base64').toString());
    return { taskId: String(taskId), sourceArn: String(sourceArn) };
  } catch {
    throw new SqsError('InvalidParameterValue', 'Value for parameter TaskHandle is invalid.');
  }
}

/** The handle is shown only while it is of use: as long as the task can be cancelled. */
const present = (task: MoveTask) => ({
  TaskHandle: task.status === 'RUNNING' ? handleOf(task) : undefined,
  Status: task.status,
  SourceArn: task.sourceArn,
  DestinationArn: task.destinationArn ?? undefined,
  MaxNumberOfMessagesPerSecond: task.messagesPerSecond ?? undefined,
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  FailureReason: task.failureReason ?? undefined,
  StartedTimestamp: task.startedAtMs,
});
