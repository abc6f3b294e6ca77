/** Grants that no call here needs, and why they are in the template all the same. */
export const explained: readonly { readonly grants: RegExp; readonly reason: string }[] = [
  {
    grants: /: logs:(CreateLogStream|PutLogEvents) on \w+Logs$/,
    reason: 'the runtime of Lambda writes what a function prints; here that goes to files',
  },
  {
    grants: /: xray:Put(TraceSegments|TelemetryRecords) on \*$/,
    reason: 'the runtime of Lambda sends traces; here nobody collects them',
  },
  {
    grants: /^BucketNotificationsHandler\w+-\w*: s3:PutBucketNotification on inboxbucket$/,
    reason: 'the function of the CDK that sets notifications is not run; the local cloud sets them itself',
  },
  {
    grants: /^apigateway.*PlatformFunction for route \/(health|health\/live|openapi\.json)$/,
    reason: 'the permission of the fallback, which the CDK makes for every route, covers it',
  },
  {
    grants: /^LiveDeployer: (lambda|cloudwatch):\w+ on (PredictFunction|LiveAlarms)/,
    reason: 'CodeDeploy moves the alias and watches the alarms of a deployment; here a start is no update',
  },
  {
    grants: /^Pipeline: (logs:\w+|xray:GetSampling\w+) on \*$/,
    reason: 'Step Functions delivers its logs and samples its traces; here nobody collects them',
  },
  {
    grants: /^Schedule: lambda:InvokeFunction on TrainingFunction$/,
    reason: 'the calendar calls it once a week; what it starts is tried by calling the function as the calendar does',
  },
];
