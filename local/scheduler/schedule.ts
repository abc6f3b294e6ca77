import { AwsError } from '../aws-json.ts';
import { between, type Occurrences, parseScheduleExpression } from '../schedules/schedule-expression.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import { type Target, targetKind } from '../targets.ts';

export interface ScheduleTarget extends Target {
  /** As JSON; `<aws.scheduler.…>` in it stands for facts of the invocation. */
  readonly Input?: string;
}

/** What a client or a template says; moments in epoch seconds, as they come over the wire. */
export interface ScheduleInput {
  readonly Name: string;
  readonly GroupName?: string;
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly State?: 'ENABLED' | 'DISABLED';
  readonly Description?: string;
  readonly FlexibleTimeWindow: { readonly Mode: 'OFF' | 'FLEXIBLE'; readonly MaximumWindowInMinutes?: number };
  readonly ActionAfterCompletion?: 'NONE' | 'DELETE';
  readonly Target: ScheduleTarget;
}

export interface Schedule extends ScheduleInput {
  readonly GroupName: string;
  readonly State: 'ENABLED' | 'DISABLED';
  readonly arn: string;
  readonly createdAtMs: number;
  readonly modifiedAtMs: number;
}

export const DEFAULT_GROUP = 'default';

const ARN = `arn:aws:scheduler:${LOCAL_REGION}:${LOCAL_ACCOUNT}`;

export const scheduleArn = (group: string, name: string): string => `${ARN}:schedule/${group}/${name}`;
export const groupArn = (name: string): string => `${ARN}:schedule-group/${name}`;

export const invalid = (reason: string): AwsError => new AwsError('ValidationException', reason);

const NAME = /^[\w.-]{1,64}$/;
const TARGET_MEMBERS: readonly string[] = [
  ...['Arn', 'DeadLetterConfig', 'EventBridgeParameters', 'Input', 'RetryPolicy', 'RoleArn', 'SqsParameters'],
];

/** @throws {AwsError} ValidationException, also for what is not emulated */
export function assertSchedule(input: ScheduleInput): void {
  const { Name, Target, FlexibleTimeWindow } = input;
  if (!NAME.test(Name)) throw invalid(`Name must have 1 to 64 letters, digits, '_', '.' or '-', not ${Name}`);
  if (!Target?.Arn || !Target.RoleArn) throw invalid('Target.Arn and Target.RoleArn are required');
  if (!targetKind(Target.Arn)) throw invalid(`${Target.Arn} is not emulated as a target`);
  const unknown = Object.keys(Target).find((member) => !TARGET_MEMBERS.includes(member));
  if (unknown) throw invalid(`${unknown} of targets is not emulated`);
  if (targetKind(Target.Arn) === 'event bus' && !Target.EventBridgeParameters) {
    throw invalid('EventBridgeParameters are required for an event bus');
  }
  if (!FlexibleTimeWindow) throw invalid('FlexibleTimeWindow is required');
  occurrencesOf(input);
}

/**
 * When it is due. A flexible window ends at once: the target is called as the window opens.
 * @throws {AwsError} ValidationException
 */
export function occurrencesOf({
  ScheduleExpression,
  ScheduleExpressionTimezone,
  StartDate,
  EndDate,
}: ScheduleInput): Occurrences {
  const startMs = toMs(StartDate);
  try {
    const options = { timeZone: ScheduleExpressionTimezone, rateFromMs: startMs };
    return between(parseScheduleExpression(ScheduleExpression, options), startMs, toMs(EndDate));
  } catch (error) {
    throw invalid(`Invalid Schedule Expression ${ScheduleExpression}. ${(error as Error).message}`);
  }
}

const toMs = (seconds: number | undefined): number | undefined => (seconds === undefined ? undefined : seconds * 1000);
