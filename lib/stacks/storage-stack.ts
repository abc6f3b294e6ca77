import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { CaptureQueue } from '../constructs/capture-queue.ts';
import { HistoryTable } from '../constructs/history-table.ts';
import { PhotoBucket } from '../constructs/photo-bucket.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';

/** What must not be lost. */
export class StorageStack extends StageStack {
  readonly photos: PhotoBucket;
  readonly history: HistoryTable;
  readonly captures: CaptureQueue;

  constructor(scope: Construct, id: string, { stage }: StageStackProps) {
    super(scope, id, stage, 'Kilat: photos, history of predictions, captured predictions');
    const { retainData } = stage;
    this.photos = new PhotoBucket(this, 'Photos', { retention: Duration.days(stage.photoRetentionDays), retainData });
    this.history = new HistoryTable(this, 'History', { retainData });
    this.captures = new CaptureQueue(this, 'Captures');
  }
}
