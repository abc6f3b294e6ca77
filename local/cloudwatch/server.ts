import { awsJson } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { alarmOperations } from './alarm-operations.ts';
import { AlarmStore } from './alarm-store.ts';
import { AlarmWatch, type OnAlarm } from './alarm-watch.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { openDatabase } from './database.ts';
import { parseEmf } from './emf.ts';
import { listMetrics } from './list-metrics.ts';
import { type Measurement, sample } from './metric.ts';
import { MetricStore, type NewPoints } from './metric-store.ts';
import { putMetricData } from './put-metric-data.ts';
import { queryOperations } from './query-metrics.ts';

const EVALUATE_EVERY_MS = 1000;
const SWEEP_EVERY_MS = 3_600_000;
/** As long as CloudWatch keeps one-minute points; its coarser ones, of 15 months, are of no use on a laptop. */
const RETENTION_MS = 15 * 24 * 3_600_000;

export interface CloudWatchOptions {
  /** Where `cloudwatch.sqlite` lies: metrics and alarms outlive the process. */
  readonly dir: string;
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default Date.now */
  readonly now?: Clock;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** Told of every change of an alarm's state, also where its actions are disabled. */
  readonly onAlarm?: OnAlarm;
  /** Told of faults of the emulator itself, and of `onAlarm`. */
  readonly onFault?: (error: unknown) => void;
}

export interface CloudWatchService extends Service {
  /** Takes a log line of a function. @returns whether it was in the embedded metric format, and its metrics recorded */
  ingestEmf(line: string): boolean;
  /** Records a metric of the platform itself; unlike clients it may use the namespaces of AWS. */
  record(namespace: string, measurement: Measurement): void;
}

/** Amazon CloudWatch on 127.0.0.1: metrics and their alarms. */
export async function startCloudWatch(options: CloudWatchOptions): Promise<CloudWatchService> {
  const { now = Date.now, iam, onAlarm = () => {}, onFault = () => {} } = options;
  const db = openDatabase(options.dir);
  const metrics = new MetricStore(db, now);
  const alarms = new AlarmStore(db);
  const watch = new AlarmWatch({ alarms, metrics, now, onAlarm: guarded(onAlarm, onFault) });
  const operations = {
    PutMetricData: putMetricData(metrics, now),
    ListMetrics: listMetrics(metrics, now),
    ...queryOperations(metrics),
    ...alarmOperations({ alarms, watch, now }),
  };
  const access = { operations: Object.keys(operations), access: operationAccess, style: refusalStyle };
  const authorize = iam && authorizeOperations({ iam, ...access });
  const { url, close } = await listen(awsJson({ ...protocol, operations, authorize, onFault }), options.port);
  const sweep = () => {
    metrics.forgetBefore(now() - RETENTION_MS);
    alarms.forgetHistoryBefore(now() - RETENTION_MS);
  };
  // Functions may still log while the cloud shuts down: what comes after the database has closed is dropped.
  const record = (points: NewPoints[]) => {
    if (db.isOpen) metrics.record(points);
  };
  sweep();
  const timers = [
    setInterval(
      guarded(() => watch.evaluateAll(), onFault),
      EVALUATE_EVERY_MS,
    ).unref(),
    setInterval(guarded(sweep, onFault), SWEEP_EVERY_MS).unref(),
  ];
  let closed: Promise<void> | undefined;
  return {
    url,
    close: () => (closed ??= shutDown()),
    ingestEmf: (line) => {
      const found = parseEmf(line);
      if (found) record(found);
      return found !== undefined;
    },
    record: (namespace, { value, dimensions = {}, ...measurement }) =>
      record([{ ...measurement, namespace, dimensions, samples: [sample(value)] }]),
  };

  async function shutDown(): Promise<void> {
    for (const timer of timers) clearInterval(timer);
    await close();
    db.close();
  }
}

const protocol = {
  target: 'GraniteServiceVersion20100801',
  version: '1.0',
  errorNamespace: 'com.amazonaws.cloudwatch',
} as const;

/** Nothing that runs on a timer may end the process. */
const guarded =
  <Args extends unknown[]>(run: (...args: Args) => void, onFault: (error: unknown) => void) =>
  (...args: Args): void => {
    try {
      run(...args);
    } catch (error) {
      onFault(error);
    }
  };
