/** Where a rule of EventBridge or a schedule sends what it has. */
export interface Target {
  readonly Arn: string;
  /** Under which the target is called. */
  readonly RoleArn?: string;
  readonly SqsParameters?: { readonly MessageGroupId?: string };
  readonly EventBridgeParameters?: { readonly DetailType: string; readonly Source: string };
  readonly RetryPolicy?: { readonly MaximumRetryAttempts?: number; readonly MaximumEventAgeInSeconds?: number };
  readonly DeadLetterConfig?: { readonly Arn?: string };
}

export type TargetKind = 'function' | 'queue' | 'state machine' | 'event bus';

const KINDS: readonly [RegExp, TargetKind][] = [
  [/^arn:[^:]+:lambda:[^:]*:[^:]*:function:/, 'function'],
  [/^arn:[^:]+:sqs:/, 'queue'],
  [/^arn:[^:]+:states:[^:]*:[^:]*:stateMachine:/, 'state machine'],
  [/^arn:[^:]+:events:[^:]*:[^:]*:event-bus\//, 'event bus'],
];

/** @returns undefined for what is not emulated as a target */
export const targetKind = (arn: string): TargetKind | undefined => KINDS.find(([pattern]) => pattern.test(arn))?.[1];
