import type { Execution } from './execution.ts';
import { stateMachineArn } from './names.ts';

/** One measurement, in the names and units of the namespace `AWS/States`. */
export interface StatesMetric {
  readonly namespace: 'AWS/States';
  readonly metricName: string;
  readonly unit: 'Count' | 'Milliseconds';
  readonly value: number;
  readonly dimensions: { readonly StateMachineArn: string };
  readonly timestampMs: number;
}

const COUNTS: Readonly<Record<Execution['status'], string>> = {
  RUNNING: 'ExecutionsStarted',
  SUCCEEDED: 'ExecutionsSucceeded',
  FAILED: 'ExecutionsFailed',
  TIMED_OUT: 'ExecutionsTimedOut',
  ABORTED: 'ExecutionsAborted',
};

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
export function metricsOf({ status, stateMachine, startedAtMs, stoppedAtMs }: Execution): StatesMetric[] {
  const metric = {
    namespace: 'AWS/States' as const,
    dimensions: { StateMachineArn: stateMachineArn(stateMachine) },
    timestampMs: stoppedAtMs ?? startedAtMs,
  };
  const count: StatesMetric = { ...metric, metricName: COUNTS[status], unit: 'Count', value: 1 };
  if (stoppedAtMs === undefined) return [count];
  return [count, { ...metric, metricName: 'ExecutionTime', unit: 'Milliseconds', value: stoppedAtMs - startedAtMs }];
}

/** What EventBridge is told. */
export interface StatusEvent {
  readonly Source: 'aws.states';
  readonly DetailType: 'Step Functions Execution Status Change';
  readonly Resources: readonly string[];
  /** As JSON. */
  readonly Detail: string;
}

/** @see https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function statusEvent(execution: Execution): StatusEvent {
  const { arn, name, status, input, output = null, error, cause } = execution;
  const detail = {
    executionArn: arn,
    stateMachineArn: stateMachineArn(execution.stateMachine),
    name,
    status,
    startDate: execution.startedAtMs,
    stopDate: execution.stoppedAtMs ?? null,
    ...{ input, output, error, cause },
    inputDetails: { included: true },
    outputDetails: output === null ? null : { included: true },
  };
  return {
    Source: 'aws.states',
    DetailType: 'Step Functions Execution Status Change',
    Resources: [arn],
    Detail: JSON.stringify(detail),
  };
}
