import type { MetricIdentity } from './metric.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

export type ComparisonOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanOrEqualToThreshold'
  | 'LessThanThreshold';

export type TreatMissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export interface MetricAlarm {
  readonly name: string;
  readonly arn: string;
  readonly description?: string | undefined;
  readonly metric: MetricIdentity;
  /** `Sum`, `p99`, … */
  readonly statistic: string;
  readonly periodSeconds: number;
  readonly unit?: string | undefined;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  /** The N of "M out of N". */
  readonly evaluationPeriods: number;
  /** The M of "M out of N". */
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissingData;
  readonly actionsEnabled: boolean;
  /** The ARNs to tell of a change to each state. */
  readonly actions: Readonly<Record<AlarmState, readonly string[]>>;
  readonly state: AlarmState;
  readonly stateReason: string;
  readonly stateReasonData?: string | undefined;
  readonly stateChangedAtMs: number;
  readonly configuredAtMs: number;
  /** A state that was set by hand stays until then. */
  readonly heldUntilMs: number;
  /** As `PutMetricAlarm` took it, to describe the alarm in the same words. */
  readonly definition: Readonly<Record<string, unknown>>;
}
