import type { FunctionName } from '@kilat/contracts';
import { Duration } from 'aws-cdk-lib';
import {
  Alarm,
  type AlarmProps,
  ComparisonOperator,
  type IMetric,
  MathExpression,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { Version } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { KilatFunction } from './kilat-function.ts';

export interface VersionAlarmsProps {
  readonly fn: KilatFunction<FunctionName>;
  /** the newest */
  readonly version: Version;
  /** by its name alone: an alarm on the alias itself could not guard its deployment */
  readonly aliasName: string;
  readonly stage: Stage;
}

/**
 * What must not happen to a version while it takes over. Errors and latency are the new version's own: at a tenth of
 * the traffic it could fail always, and the alias would show one invocation in ten.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 */
export class VersionAlarms extends Construct {
  readonly alarms: readonly Alarm[];
  readonly #props: VersionAlarmsProps;

  constructor(scope: Construct, id: string, props: VersionAlarmsProps) {
    super(scope, id);
    this.#props = props;
    const { maxFailurePercent, maxLatencyP99Ms } = props.stage.rollout;
    this.alarms = [
      this.#addAlarm('errors', {
        alarmDescription: 'The new version crashes, runs out of memory or time',
        metric: this.#errorPercent(),
        threshold: maxFailurePercent,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 1,
      }),
      this.#addAlarm('latency', {
        alarmDescription: 'The new version is slow',
        metric: this.#ofVersion('Duration', 'p99'),
        threshold: maxLatencyP99Ms,
        comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
        evaluationPeriods: 2, // in its first minute each environment opens its model
      }),
      this.#addAlarm('throttles', {
        alarmDescription: 'Callers are turned away: what the version takes longer, it keeps from others',
        metric: this.#throttlePercent(),
        threshold: maxFailurePercent,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: 2,
      }),
    ];
  }

  /** Invocations may be fewer than errors, where an error was counted in the minute before. */
  #errorPercent(): IMetric {
    return percent('100 * errors / MAX([errors, invocations])', {
      errors: this.#ofVersion('Errors', 'Sum'),
      invocations: this.#ofVersion('Invocations', 'Sum'),
    });
  }

  /** Of the alias: what is turned away has no version yet, and is no invocation. */
  #throttlePercent(): IMetric {
    return percent('100 * throttles / (throttles + invocations)', {
      throttles: this.#ofAlias('Throttles'),
      invocations: this.#ofAlias('Invocations'),
    });
  }

  #ofVersion(metricName: string, statistic: string): Metric {
    const dimensionsMap = { ...this.#aliasDimensions(), ExecutedVersion: this.#props.version.version };
    return metric({ metricName, statistic, dimensionsMap });
  }

  #ofAlias(metricName: string): Metric {
    return metric({ metricName, statistic: 'Sum', dimensionsMap: this.#aliasDimensions() });
  }

  #aliasDimensions() {
    const { functionName } = this.#props.version.lambda;
    return { FunctionName: functionName, Resource: `${functionName}:${this.#props.aliasName}` };
  }

  #addAlarm(what: string, props: Omit<AlarmProps, 'alarmName' | 'treatMissingData'>): Alarm {
    const { stage, fn } = this.#props;
    return new Alarm(this, what, {
      ...props,
      alarmName: `kilat-${stage.name}-${fn.name}-${what}`,
      treatMissingData: TreatMissingData.NOT_BREACHING, // nobody calling is no fault
    });
  }
}

const period = Duration.minutes(1);

const metric = (props: Pick<Metric, 'metricName' | 'statistic'> & { readonly dimensionsMap: Record<string, string> }) =>
  new Metric({ ...props, namespace: 'AWS/Lambda', period });

const percent = (expression: string, usingMetrics: Record<string, IMetric>) =>
  new MathExpression({ expression, usingMetrics, period });
