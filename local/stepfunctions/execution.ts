import type { Visit } from './thread.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** One run of a state machine, with the definition and the role that this had when it began. */
export interface Execution {
  /** In the order in which they were started. */
  readonly seq: number;
  readonly arn: string;
  readonly name: string;
  /** Its name. */
  readonly stateMachine: string;
  readonly definition: string;
  readonly roleArn: string;
  /** As JSON. */
  readonly input: string;
  readonly status: ExecutionStatus;
  readonly startedAtMs: number;
  readonly stoppedAtMs: number | undefined;
  readonly redrivenAtMs: number | undefined;
  readonly redriveCount: number;
  /** As JSON. */
  readonly output: string | undefined;
  readonly error: string | undefined;
  readonly cause: string | undefined;
  /** The state of the machine itself that it is at, or was at when it ended. */
  readonly visit: Visit | undefined;
}

/** How an execution ended. */
export interface Ending {
  readonly status: Exclude<ExecutionStatus, 'RUNNING'>;
  /** As JSON. */
  readonly output?: string;
  readonly error?: string | undefined;
  readonly cause?: string | undefined;
}
