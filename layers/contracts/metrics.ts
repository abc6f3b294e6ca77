/** CloudWatch names, written by the functions and read by alarms, dashboards and tests. */
export const METRIC_NAMESPACE = 'Kilat';

export const metricNames = {
  /** 1 for the first request of an execution environment (Count) */
  coldStart: 'ColdStart',
  /** handler time of one request (Milliseconds) */
  requestDuration: 'RequestDuration',
  /** time in the model alone (Milliseconds) */
  inferenceDuration: 'InferenceDuration',
  /** answers of 500 and above (Count) */
  errors: 'Errors',
  /** answers from 400 to 499 (Count) */
  refusals: 'Refusals',
  /** by model version (Count) */
  predictions: 'Predictions',
  /** items of jobs that were classified (Count) */
  itemsSucceeded: 'ItemsSucceeded',
  /** items of jobs in whose place a problem stands (Count) */
  itemsFailed: 'ItemsFailed',
  /** jobs that came to their end, cancelled ones apart (Count) */
  jobsEnded: 'JobsEnded',
  /** photos dropped into the inbox that were classified (Count) */
  dropsClassified: 'DropsClassified',
  /** what was dropped into the inbox and moved to `rejected/` (Count) */
  dropsRejected: 'DropsRejected',
  /** messages that go back to their queue, or from there to the dead letters (Count) */
  messagesFailed: 'MessagesFailed',
  /** versions that serve by their alias and could not be loaded, once a minute and process (Count) */
  modelLoadsFailed: 'ModelLoadsFailed',
  /** training runs that came to their end, whatever alias their version got (Count) */
  trainingRunsSucceeded: 'TrainingRunsSucceeded',
  /** training runs whose data was not what is expected of it (Count) */
  trainingRunsRejected: 'TrainingRunsRejected',
  /** training runs that ended at an error (Count) */
  trainingRunsFailed: 'TrainingRunsFailed',
  /** trained versions that did not become champion: not better by more than noise, or worse in what is guarded (Count) */
  promotionsRefused: 'PromotionsRefused',
} as const;

/** Dimensions have few values; a request's id is a log key, never a dimension. */
export const metricDimensions = {
  service: 'service',
  operation: 'operation',
  modelName: 'modelName',
  modelVersion: 'modelVersion',
} as const;
