import type { AwsOperation } from '../aws-json.ts';
import type { Clock } from '../service.ts';
import type { AlarmState, MetricAlarm } from './alarm.ts';
import { type AlarmInput, parseAlarm } from './alarm-definition.ts';
import type { AlarmHistoryItem, AlarmStore } from './alarm-store.ts';
import type { AlarmWatch } from './alarm-watch.ts';
import { CloudWatchError, invalidRequest, required } from './errors.ts';

interface AlarmApi {
  readonly alarms: AlarmStore;
  readonly watch: AlarmWatch;
  readonly now: Clock;
}

interface DescribeInput {
  readonly AlarmNames?: string[];
  readonly AlarmNamePrefix?: string;
  readonly StateValue?: AlarmState;
  readonly ActionPrefix?: string;
}

interface SetStateInput {
  readonly AlarmName?: string;
  readonly StateValue?: AlarmState;
  readonly StateReason?: string;
  readonly StateReasonData?: string;
}

export function alarmOperations(api: AlarmApi): Record<string, AwsOperation> {
  const { alarms, watch } = api;
  return {
    PutMetricAlarm: (input: AlarmInput) => putAlarm(api, input),
    DescribeAlarms: (input: DescribeInput) => {
      watch.evaluateAll();
      return {
        MetricAlarms: alarms
          .all()
          .filter((alarm) => matches(alarm, input))
          .map(present),
        CompositeAlarms: [],
      };
    },
    /** Names that no alarm has are passed over, as AWS does. */
    DeleteAlarms: ({ AlarmNames }) => {
      for (const name of required<string[]>(AlarmNames, 'AlarmNames')) alarms.delete(name);
    },
    SetAlarmState: (input: SetStateInput) => {
      const alarm = alarms.find(required(input.AlarmName, 'AlarmName'));
      if (!alarm) throw new CloudWatchError('ResourceNotFound', `The alarm ${input.AlarmName} does not exist.`);
      const to = required(input.StateValue, 'StateValue');
      if (!['OK', 'ALARM', 'INSUFFICIENT_DATA'].includes(to))
        throw invalidRequest(`The value ${to} for parameter StateValue is not supported.`);
      watch.set(alarm, { to, reason: required(input.StateReason, 'StateReason'), reasonData: input.StateReasonData });
    },
    DescribeAlarmHistory: (input: HistoryInput) => describeHistory(alarms, input),
  };
}

/** A new alarm starts without data; a changed one keeps its state until the next evaluation. */
function putAlarm({ alarms, now }: AlarmApi, input: AlarmInput): void {
  const definition = parseAlarm(input);
  const existing = alarms.find(definition.name);
  const unchecked = {
    state: 'INSUFFICIENT_DATA',
    stateReason: 'Unchecked: Initial alarm creation',
    stateChangedAtMs: now(),
  } as const;
  const { state, stateReason, stateReasonData, stateChangedAtMs } = {
    stateReasonData: undefined,
    ...(existing ?? unchecked),
  };
  alarms.save({
    ...definition,
    state,
    stateReason,
    stateReasonData,
    stateChangedAtMs,
    configuredAtMs: now(),
    heldUntilMs: 0,
  });
  alarms.remember({
    alarmName: definition.name,
    atMs: now(),
    type: 'ConfigurationUpdate',
    summary: `Alarm "${definition.name}" ${existing ? 'updated' : 'created'}`,
    data: JSON.stringify({ version: '1.0', type: existing ? 'Update' : 'Create' }),
  });
}

function matches(alarm: MetricAlarm, wanted: DescribeInput): boolean {
  const actions = Object.values(alarm.actions).flat();
  return (
    (!wanted.AlarmNames || wanted.AlarmNames.includes(alarm.name)) &&
    alarm.name.startsWith(wanted.AlarmNamePrefix ?? '') &&
    (!wanted.StateValue || alarm.state === wanted.StateValue) &&
    (!wanted.ActionPrefix || actions.some((arn) => arn.startsWith(wanted.ActionPrefix as string)))
  );
}

const present = (alarm: MetricAlarm) => ({
  ...alarm.definition,
  AlarmArn: alarm.arn,
  ActionsEnabled: alarm.actionsEnabled,
  OKActions: alarm.actions.OK,
  AlarmActions: alarm.actions.ALARM,
  InsufficientDataActions: alarm.actions.INSUFFICIENT_DATA,
  AlarmConfigurationUpdatedTimestamp: alarm.configuredAtMs / 1000,
  StateValue: alarm.state,
  StateReason: alarm.stateReason,
  StateReasonData: alarm.stateReasonData,
  StateUpdatedTimestamp: alarm.stateChangedAtMs / 1000,
  StateTransitionedTimestamp: alarm.stateChangedAtMs / 1000,
});

/** Times are epoch seconds. */
interface HistoryInput {
  readonly AlarmName?: string;
  readonly HistoryItemType?: string;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly MaxRecords?: number;
  readonly ScanBy?: 'TimestampDescending' | 'TimestampAscending';
}

function describeHistory(alarms: AlarmStore, input: HistoryInput) {
  const { StartDate = 0, EndDate = Number.POSITIVE_INFINITY, MaxRecords = 100 } = input;
  const wanted = ({ alarmName, type, atMs }: AlarmHistoryItem) =>
    (!input.AlarmName || alarmName === input.AlarmName) &&
    (!input.HistoryItemType || type === input.HistoryItemType) &&
    atMs >= StartDate * 1000 &&
    atMs <= EndDate * 1000;
  const newestFirst = alarms.history().filter(wanted);
  const items = input.ScanBy === 'TimestampAscending' ? newestFirst.reverse() : newestFirst;
  return { AlarmHistoryItems: items.slice(0, MaxRecords).map(presentItem) };
}

const presentItem = ({ alarmName, atMs, type, summary, data }: AlarmHistoryItem) => ({
  AlarmName: alarmName,
  AlarmType: 'MetricAlarm',
  Timestamp: atMs / 1000,
  HistoryItemType: type,
  HistorySummary: summary,
  HistoryData: data,
});
