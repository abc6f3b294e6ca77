import { Duration, Size } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import { architectureOf, ImageFunction } from '../constructs/image-function.ts';
import { JobEvents } from '../constructs/job-events.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import { ZipFunction } from '../constructs/zip-function.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface JobsStackProps extends StageStackProps {
  readonly storage: StorageStack;
  readonly folders: Bundle['folders'];
}

/** Reading a long list, or joining a long result, takes its time. */
const CONTROL_TIMEOUT = Duration.minutes(5);

/** What works while nobody waits: jobs, and photos dropped into the inbox. */
export class JobsStack extends StageStack {
  /** answers requests about jobs */
  readonly jobs: ZipFunction<'jobs'>;
  /** tells of the end of jobs, and of training runs */
  readonly events: JobEvents;

  constructor(scope: Construct, id: string, props: JobsStackProps) {
    super(scope, id, props.stage, 'Kilat: jobs');
    const control = new WorkQueue(this, 'Control', { timeout: CONTROL_TIMEOUT });
    this.events = new JobEvents(this, 'Events');
    this.jobs = this.#addJobs(props, control);
    const jobControl = this.#addJobControl(props, control);
    const batch = this.#addBatch(props, control);
    for (const fn of [this.jobs, jobControl, batch]) props.storage.usage.limit(fn);
    control.feed(jobControl.lambda, { batchSize: 1 });
    props.storage.batches.feed(batch.lambda, {
      batchSize: 10,
      maxConcurrency: props.stage.batchConcurrency,
    });
  }

  #addJobs({ stage, folders, storage }: JobsStackProps, control: WorkQueue): ZipFunction<'jobs'> {
    const { jobs, registry, work, inbox } = storage;
    const description = 'Takes jobs on, and shows and cancels them';
    return new ZipFunction(this, 'Jobs', { name: 'jobs', folder: folders.jobs, stage, description })
      .use('DEFAULT_MODEL', stage.defaultModel)
      .use('JOBS_RETENTION_DAYS', String(stage.jobRetentionDays))
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantResolve(grantee))
      .use('JOBS_TABLE', jobs.table.tableName, (grantee) => jobs.grantManage(grantee))
      .use('WORK_BUCKET', work.bucket.bucketName, (grantee) => work.grantReadWrite(grantee))
      .use('INBOX_BUCKET', inbox.bucket.bucketName, (grantee) => inbox.grantUpload(grantee))
      .use('CONTROL_QUEUE_URL', control.queue.queueUrl, (grantee) => control.grantSend(grantee));
  }

  #addJobControl({ stage, folders, storage }: JobsStackProps, control: WorkQueue): ZipFunction<'job-control'> {
    const { jobs, work, inbox, batches } = storage;
    const { events } = this;
    return new ZipFunction(this, 'JobControl', {
      name: 'job-control',
      folder: folders['job-control'],
      stage,
      description: 'Plans jobs, joins their results, and tells of their end',
      memory: Size.mebibytes(1024), // a manifest of 50 MiB, or the results of 100,000 items
      timeout: CONTROL_TIMEOUT,
    })
      .use('JOBS_TABLE', jobs.table.tableName, (grantee) => jobs.grantAdvance(grantee))
      .use('WORK_BUCKET', work.bucket.bucketName, (grantee) => {
        work.grantReadWrite(grantee);
        work.grantList(grantee); // or S3 says "forbidden" of a plan that is not yet there
      })
      .use('INBOX_BUCKET', inbox.bucket.bucketName, (grantee) => inbox.grantRead(grantee))
      .use('CONTROL_QUEUE_URL', control.queue.queueUrl, (grantee) => control.grantSend(grantee))
      .use('EVENT_BUS', events.bus.eventBusName, (grantee) => events.grantPut(grantee))
      .use('BATCH_QUEUE_URL', batches.queue.queueUrl, (grantee) => batches.grantSend(grantee));
  }

  #addBatch({ stage, folders, storage }: JobsStackProps, control: WorkQueue): ImageFunction<'batch'> {
    const { photos, history, captures, registry, models, jobs, work, inbox } = storage;
    return new ImageFunction(this, 'Batch', {
      name: 'batch',
      folder: folders.batch,
      handler: 'batch.handler',
      stage,
      description: 'Runs a model on the photos of jobs, and on those dropped into the inbox',
      memory: Size.mebibytes(stage.inferenceMemoryMiB),
      timeout: Duration.seconds(stage.batchTimeoutSeconds),
      architecture: architectureOf(stage),
    })
      .use('HISTORY_RETENTION_DAYS', String(stage.historyRetentionDays))
      .use('ORT_DISABLE_TELEMETRY', '1')
      .use('PHOTOS_BUCKET', photos.bucket.bucketName, (grantee) => {
        photos.grantAdd(grantee);
        photos.grantRead(grantee);
      })
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantResolve(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => models.grantReadModels(grantee))
      .use('HISTORY_TABLE', history.table.tableName, (grantee) => history.grantAdd(grantee))
      .use('CAPTURE_QUEUE_URL', captures.queue.queueUrl, (grantee) => captures.grantSend(grantee))
      .use('JOBS_TABLE', jobs.table.tableName, (grantee) => jobs.grantWork(grantee))
      .use('WORK_BUCKET', work.bucket.bucketName, (grantee) => work.grantReadWrite(grantee))
      .use('INBOX_BUCKET', inbox.bucket.bucketName, (grantee) => {
        inbox.grantRead(grantee);
        inbox.grantSort(grantee);
      })
      .use('CONTROL_QUEUE_URL', control.queue.queueUrl, (grantee) => control.grantSend(grantee));
  }
}
