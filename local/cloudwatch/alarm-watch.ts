import type { Clock } from '../service.ts';
import type { AlarmState, MetricAlarm } from './alarm.ts';
import { type Evaluation, evaluate } from './alarm-evaluation.ts';
import type { AlarmStore } from './alarm-store.ts';
import type { MetricStore } from './metric-store.ts';

/** How long a state set by hand is to be seen. AWS promises no more than until the next evaluation. */
const HOLD_MS = 10_000;

export type OnAlarm = (alarm: MetricAlarm, from: AlarmState, to: AlarmState) => void;

interface AlarmWatchOptions {
  readonly alarms: AlarmStore;
  readonly metrics: MetricStore;
  readonly now: Clock;
  readonly onAlarm: OnAlarm;
}

interface StateChange {
  readonly to: AlarmState;
  readonly reason: string;
  readonly reasonData?: string | undefined;
}

/** Changes the states of alarms, and tells of it. */
export class AlarmWatch {
  readonly #options: AlarmWatchOptions;

  constructor(options: AlarmWatchOptions) {
    this.#options = options;
  }

  evaluateAll(): void {
    const { alarms, metrics, now } = this.#options;
    for (const alarm of alarms.all()) {
      if (alarm.heldUntilMs > now()) continue;
      const evaluation = evaluate(alarm, metrics, now());
      if (evaluation.state) this.#change(alarm, explain(alarm, evaluation, evaluation.state));
    }
  }

  /** Sets a state by hand. It passes with the next evaluation after a short hold. */
  set(alarm: MetricAlarm, change: StateChange): void {
    this.#change({ ...alarm, heldUntilMs: this.#options.now() + HOLD_MS }, change);
  }

  #change(alarm: MetricAlarm, { to, reason, reasonData }: StateChange): void {
    if (alarm.state === to) return;
    const { alarms, now, onAlarm } = this.#options;
    const changed = { ...alarm, state: to, stateReason: reason, stateReasonData: reasonData, stateChangedAtMs: now() };
    alarms.save(changed);
    alarms.remember({
      alarmName: alarm.name,
      atMs: now(),
      type: 'StateUpdate',
      summary: `Alarm updated from ${alarm.state} to ${to}`,
      data: JSON.stringify({
        version: '1.0',
        oldState: { stateValue: alarm.state, stateReason: alarm.stateReason },
        newState: { stateValue: to, stateReason: reason },
      }),
    });
    onAlarm(changed, alarm.state, to);
  }
}

function explain(alarm: MetricAlarm, { judged }: Evaluation, to: AlarmState): StateChange {
  const values = judged.map(({ value }) => value);
  const crossed = to === 'ALARM' ? 'Threshold Crossed' : 'Threshold not crossed';
  const reason =
    to === 'INSUFFICIENT_DATA'
      ? 'Insufficient Data: too few datapoints to judge by'
      : `${crossed}: ${judged.length} of the last ${alarm.evaluationPeriods} datapoints are known [${values.join(', ')}]; ` +
        `the alarm needs ${alarm.datapointsToAlarm} with ${alarm.comparisonOperator} ${alarm.threshold}`;
  const { statistic, periodSeconds: period, threshold } = alarm;
  const reasonData = { version: '1.0', statistic, period, recentDatapoints: values.toReversed(), threshold };
  return { to, reason, reasonData: JSON.stringify(reasonData) };
}
