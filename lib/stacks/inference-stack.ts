import { Duration, Size } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import { architectureOf, ImageFunction } from '../constructs/image-function.ts';
import { LiveAlias } from '../constructs/live-alias.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface InferenceStackProps extends StageStackProps {
  readonly storage: StorageStack;
  readonly folders: Bundle['folders'];
}

/** What runs models. */
export class InferenceStack extends StageStack {
  readonly predict: LiveAlias;
  /** runs what tenants want to register; its role may do nothing */
  readonly verify: ImageFunction<'verify'>;

  constructor(scope: Construct, id: string, props: InferenceStackProps) {
    super(scope, id, props.stage, 'Kilat: inference');
    const predict = this.#addPredict(props);
    props.storage.usage.limit(predict);
    this.predict = new LiveAlias(this, 'Live', { fn: predict, stage: props.stage });
    this.verify = this.#addVerify(props);
    this.tell('PredictFunction', predict.lambda.functionName);
  }

  #addPredict({ stage, folders, storage }: InferenceStackProps): ImageFunction<'predict'> {
    const { photos, history, captures, registry, models, batches } = storage;
    return new ImageFunction(this, 'Predict', {
      name: 'predict',
      folder: folders.predict,
      stage,
      description: 'Runs a model on a photo',
      memory: Size.mebibytes(stage.inferenceMemoryMiB),
      timeout: Duration.seconds(stage.inferenceTimeoutSeconds),
      architecture: architectureOf(stage),
      ...(stage.inferenceConcurrency === undefined ? {} : { concurrency: stage.inferenceConcurrency }),
    })
      .use('DEFAULT_MODEL', stage.defaultModel)
      .use('HISTORY_RETENTION_DAYS', String(stage.historyRetentionDays))
      .use('ORT_DISABLE_TELEMETRY', '1')
      .use('PHOTOS_BUCKET', photos.bucket.bucketName, (grantee) => {
        photos.grantAdd(grantee);
        photos.grantList(grantee);
      })
      .use('HISTORY_TABLE', history.table.tableName, (grantee) => {
        history.grantAdd(grantee);
        history.grantProbe(grantee);
      })
      .use('CAPTURE_QUEUE_URL', captures.queue.queueUrl, (grantee) => {
        captures.grantSend(grantee);
        captures.grantProbe(grantee);
      })
      .use('BATCH_QUEUE_URL', batches.queue.queueUrl, (grantee) => batches.grantSend(grantee))
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantResolve(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => models.grantReadModels(grantee));
  }

  #addVerify({ stage, folders }: InferenceStackProps): ImageFunction<'verify'> {
    return new ImageFunction(this, 'Verify', {
      name: 'verify',
      folder: folders.verify,
      handler: 'verify.handler',
      stage,
      description: 'Runs a model that is to be registered, and may do nothing else',
      memory: Size.mebibytes(stage.inferenceMemoryMiB),
      timeout: Duration.seconds(25), // whoever registers waits for it
      architecture: architectureOf(stage),
    }).use('ORT_DISABLE_TELEMETRY', '1');
  }
}
