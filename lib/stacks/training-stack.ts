import { Duration, Size } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import { architectureOf, ImageFunction, platformOf } from '../constructs/image-function.ts';
import type { JobEvents } from '../constructs/job-events.ts';
import { TrainingJob } from '../constructs/training-job.ts';
import { TrainingPipeline } from '../constructs/training-pipeline.ts';
import { TrainingSchedule } from '../constructs/training-schedule.ts';
import { ZipFunction } from '../constructs/zip-function.ts';
import { version } from '../repository.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface TrainingStackProps extends StageStackProps {
  readonly storage: StorageStack;
  readonly folders: Bundle['folders'];
  readonly events: JobEvents;
}

/** The longest that a function may take. */
const STEP_TIMEOUT = Duration.minutes(15);

/** What trains models, and what has them trained. */
export class TrainingStack extends StageStack {
  /** answers requests for training */
  readonly training: ZipFunction<'training'>;

  constructor(scope: Construct, id: string, props: TrainingStackProps) {
    super(scope, id, props.stage, 'Kilat: training');
    const { stage, storage } = props;
    const train = this.#addTrain(props);
    const job = stage.training.compute === 'sagemaker' ? this.#addJob(props) : undefined;
    const pipeline = new TrainingPipeline(this, 'Pipeline', { stage, train, ...(job && { job }) });
    this.training = this.#addTraining(props, pipeline);
    storage.usage.limit(this.training);
    new TrainingSchedule(this, 'Schedule', { training: stage.training, starter: this.training });
  }

  #addTrain({ stage, folders, storage, events }: TrainingStackProps): ImageFunction<'train'> {
    const { registry, runs, models, inbox } = storage;
    return new ImageFunction(this, 'Train', {
      name: 'train',
      folder: folders.train,
      handler: 'train.handler',
      stage,
      description: 'Does the steps of a training run',
      memory: Size.mebibytes(stage.training.memoryMiB),
      timeout: STEP_TIMEOUT,
      architecture: architectureOf(stage),
    })
      .use('ORT_DISABLE_TELEMETRY', '1')
      .use('VERSION', version)
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantManage(grantee))
      .use('RUNS_TABLE', runs.table.tableName, (grantee) => runs.grantAdvance(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => models.grantTrain(grantee))
      .use('INBOX_BUCKET', inbox.bucket.bucketName, (grantee) => inbox.grantReadSources(grantee))
      .use('EVENT_BUS', events.bus.eventBusName, (grantee) => events.grantPut(grantee));
  }

  #addJob({ stage, folders, storage, events }: TrainingStackProps): TrainingJob {
    const { registry, runs, models, inbox } = storage;
    const job = new TrainingJob(this, 'Job', {
      stage,
      folder: folders.train,
      platform: platformOf(stage),
      models,
      environment: {
        STAGE: stage.name,
        LOG_LEVEL: stage.logLevel,
        LAMBDA_TASK_ROOT: '/var/task',
        ORT_DISABLE_TELEMETRY: '1',
        VERSION: version,
        REGISTRY_TABLE: registry.table.tableName,
        RUNS_TABLE: runs.table.tableName,
        MODELS_BUCKET: models.bucket.bucketName,
        INBOX_BUCKET: inbox.bucket.bucketName,
        EVENT_BUS: events.bus.eventBusName,
      },
    });
    registry.grantResolve(job);
    runs.grantAdvance(job);
    models.grantTrain(job);
    return job;
  }

  #addTraining({ stage, folders, storage }: TrainingStackProps, pipeline: TrainingPipeline): ZipFunction<'training'> {
    const { registry, runs, models } = storage;
    const description = 'Starts training runs: for admins, and by the calendar';
    return new ZipFunction(this, 'Training', {
      name: 'training',
      folder: folders.training,
      stage,
      description,
      timeout: Duration.seconds(29), // the calendar has it start runs of every tenant
    })
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantResolve(grantee))
      .use('RUNS_TABLE', runs.table.tableName, (grantee) => runs.grantStart(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => models.grantList(grantee))
      .use('STATE_MACHINE_ARN', pipeline.machine.stateMachineArn, (grantee) => pipeline.grantStart(grantee));
  }
}
