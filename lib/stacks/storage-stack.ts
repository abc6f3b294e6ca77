import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CaptureQueue } from '../constructs/capture-queue.ts';
import { HistoryTable } from '../constructs/history-table.ts';
import { InboxBucket } from '../constructs/inbox-bucket.ts';
import { JobsTable } from '../constructs/jobs-table.ts';
import { ModelsBucket } from '../constructs/models-bucket.ts';
import { PhotoBucket } from '../constructs/photo-bucket.ts';
import { RegistryTable } from '../constructs/registry-table.ts';
import { RunsTable } from '../constructs/runs-table.ts';
import { UsageTable } from '../constructs/usage-table.ts';
import { WorkBucket } from '../constructs/work-bucket.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';

/** What must not be lost. */
export class StorageStack extends StageStack {
  readonly photos: PhotoBucket;
  readonly history: HistoryTable;
  readonly captures: CaptureQueue;
  readonly usage: UsageTable;
  readonly jobs: JobsTable;
  readonly registry: RegistryTable;
  readonly models: ModelsBucket;
  readonly runs: RunsTable;
  readonly work: WorkBucket;
  readonly inbox: InboxBucket;
  /** what the batch worker does; here, since the inbox sends to it */
  readonly batches: WorkQueue;

  constructor(scope: Construct, id: string, { stage }: StageStackProps) {
    super(scope, id, stage, 'Kilat: photos, history of predictions, captured predictions, usage, jobs, models');
    const { retainData } = stage;
    this.photos = new PhotoBucket(this, 'Photos', { retention: Duration.days(stage.photoRetentionDays), retainData });
    this.history = new HistoryTable(this, 'History', { retainData });
    this.captures = new CaptureQueue(this, 'Captures');
    this.usage = new UsageTable(this, 'Usage', { quotas: stage.quotas, retainData });
    this.jobs = new JobsTable(this, 'Jobs', { retainData });
    this.registry = new RegistryTable(this, 'Registry', { retainData });
    this.models = new ModelsBucket(this, 'Models', { retainData });
    this.runs = new RunsTable(this, 'Runs', { retainData });
    this.work = new WorkBucket(this, 'Work', { retention: Duration.days(stage.jobRetentionDays), retainData });
    this.batches = new WorkQueue(this, 'Batches', { timeout: Duration.seconds(stage.batchTimeoutSeconds) });
    this.inbox = new InboxBucket(this, 'Inbox', {
      retention: Duration.days(stage.photoRetentionDays),
      retainData,
      drops: this.batches.queue,
      corsOrigins: stage.corsOrigins,
    });
    this.tell('InboxBucket', this.inbox.bucket.bucketName);
  }
}
