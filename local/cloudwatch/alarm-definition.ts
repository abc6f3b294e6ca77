import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';
import type { MetricAlarm, TreatMissingData } from './alarm.ts';
import { isComparisonOperator } from './alarm-evaluation.ts';
import { invalidCombination, invalidRequest, required } from './errors.ts';
import { fromWire, type WireDimension } from './metric.ts';
import { assertPeriod, checkQuery, type MetricDataQuery } from './query-metrics.ts';
import { isPercentile, isSimpleStatistic } from './statistics.ts';

/** `PutMetricAlarm`, as far as it is emulated. */
export interface AlarmInput {
  readonly AlarmName?: string;
  readonly AlarmDescription?: string;
  readonly ActionsEnabled?: boolean;
  readonly OKActions?: string[];
  readonly AlarmActions?: string[];
  readonly InsufficientDataActions?: string[];
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: WireDimension[];
  readonly Statistic?: string;
  readonly ExtendedStatistic?: string;
  readonly Period?: number;
  readonly Unit?: string;
  readonly Metrics?: MetricDataQuery[];
  readonly EvaluationPeriods?: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold?: number;
  readonly ComparisonOperator?: string;
  readonly TreatMissingData?: string;
}

type Definition = Omit<
  MetricAlarm,
  'state' | 'stateReason' | 'stateReasonData' | 'stateChangedAtMs' | 'configuredAtMs' | 'heldUntilMs'
>;

/** @throws {CloudWatchError} for what is missing, wrong, or not emulated (metric math, anomaly detection) */
export function parseAlarm(input: AlarmInput): Definition {
  const name = required(input.AlarmName, 'AlarmName');
  const operator = required(input.ComparisonOperator, 'ComparisonOperator');
  if (!isComparisonOperator(operator))
    throw invalidRequest(`The value ${operator} for parameter ComparisonOperator is not supported.`);
  return {
    name,
    arn: `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:${name}`,
    description: input.AlarmDescription,
    ...watchedMetric(input),
    comparisonOperator: operator,
    threshold: required(input.Threshold, 'Threshold'),
    ...periodsOf(input),
    treatMissingData: treatmentOf(input),
    actionsEnabled: input.ActionsEnabled ?? true,
    actions: {
      OK: input.OKActions ?? [],
      ALARM: input.AlarmActions ?? [],
      INSUFFICIENT_DATA: input.InsufficientDataActions ?? [],
    },
    definition: { ...input },
  };
}

function periodsOf({ EvaluationPeriods, DatapointsToAlarm }: AlarmInput) {
  const evaluationPeriods = required(EvaluationPeriods, 'EvaluationPeriods');
  const datapointsToAlarm = DatapointsToAlarm ?? evaluationPeriods;
  if (evaluationPeriods < 1) throw invalidRequest('EvaluationPeriods must be at least 1.');
  if (datapointsToAlarm < 1 || datapointsToAlarm > evaluationPeriods) {
    throw invalidRequest('DatapointsToAlarm must be at least 1, and EvaluationPeriods at most.');
  }
  return { evaluationPeriods, datapointsToAlarm };
}

function treatmentOf({ TreatMissingData = 'missing' }: AlarmInput): TreatMissingData {
  const known = ['missing', 'ignore', 'breaching', 'notBreaching'].find((treatment) => treatment === TreatMissingData);
  if (!known) throw invalidRequest(`The value ${TreatMissingData} for parameter TreatMissingData is not supported.`);
  return known as TreatMissingData;
}

/** CDK writes a metric with a label as the only member of `Metrics`, any other into the alarm itself. */
function watchedMetric(input: AlarmInput) {
  if (!input.Metrics) return metricOf(input, input.Statistic ?? input.ExtendedStatistic);
  const [query, ...others] = input.Metrics;
  if (!query || others.length > 0)
    throw invalidRequest('the local CloudWatch has no metric math: Metrics must have one member');
  checkQuery(query);
  const { Metric, Period, Stat, Unit } = query.MetricStat ?? {};
  return metricOf({ ...Metric, ...(Period && { Period }), ...(Unit && { Unit }) }, Stat);
}

function metricOf(
  input: Pick<AlarmInput, 'Namespace' | 'MetricName' | 'Dimensions' | 'Period' | 'Unit'>,
  statistic: string | undefined,
) {
  const periodSeconds = required(input.Period, 'Period');
  assertPeriod(periodSeconds, invalidRequest);
  if (statistic === undefined)
    throw invalidCombination('Exactly one of Statistic and ExtendedStatistic must be specified.');
  if (!isSimpleStatistic(statistic) && !isPercentile(statistic))
    throw invalidRequest(`The statistic ${statistic} is not supported.`);
  const metric = {
    namespace: required(input.Namespace, 'Namespace'),
    metricName: required(input.MetricName, 'MetricName'),
    dimensions: fromWire(input.Dimensions),
  };
  return { metric, statistic, periodSeconds, unit: input.Unit };
}
