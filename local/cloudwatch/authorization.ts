import type { AccessRequest, OperationAccess, RefusalStyle } from '../iam/index.ts';
import { LOCAL_ACCOUNT, LOCAL_REGION } from '../service.ts';

export const refusalStyle: RefusalStyle = { status: 403 };

const alarm = (name: string): string => `arn:aws:cloudwatch:${LOCAL_REGION}:${LOCAL_ACCOUNT}:alarm:${name}`;

/** Metrics are no resources that could be named. */
const anywhere = (action: string) => (): AccessRequest[] => [{ action: `cloudwatch:${action}`, resource: '*' }];

const onAlarms =
  (action: string) =>
  ({ AlarmNames, AlarmName }: { AlarmNames?: string[]; AlarmName?: string }): AccessRequest[] => {
    const names = AlarmNames ?? [AlarmName ?? '*'];
    return names.map((name) => ({ action: `cloudwatch:${action}`, resource: alarm(name) }));
  };

/**
 * What each operation asks for.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html
 */
export const operationAccess: OperationAccess = {
  PutMetricData: ({ Namespace = '' }: { Namespace?: string }) => [
    { action: 'cloudwatch:PutMetricData', resource: '*', context: { 'cloudwatch:namespace': Namespace } },
  ],
  ListMetrics: anywhere('ListMetrics'),
  GetMetricData: anywhere('GetMetricData'),
  GetMetricStatistics: anywhere('GetMetricStatistics'),
  PutMetricAlarm: onAlarms('PutMetricAlarm'),
  DescribeAlarms: onAlarms('DescribeAlarms'),
  DescribeAlarmHistory: onAlarms('DescribeAlarmHistory'),
  DeleteAlarms: onAlarms('DeleteAlarms'),
  SetAlarmState: onAlarms('SetAlarmState'),
};
