import { Duration, Size } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import { architectureOf, ImageFunction } from '../constructs/image-function.ts';
import { LiveAlias } from '../constructs/live-alias.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface InferenceStackProps
  extends StageStackProps,
    Pick<StorageStack, 'photos' | 'history' | 'captures' | 'usage'> {
  readonly folders: Bundle['folders'];
}

/** What runs models. */
export class InferenceStack extends StageStack {
  readonly predict: LiveAlias;

  constructor(scope: Construct, id: string, props: InferenceStackProps) {
    super(scope, id, props.stage, 'Kilat: inference');
    const predict = this.#addPredict(props);
    props.usage.limit(predict);
    this.predict = new LiveAlias(this, 'Live', { fn: predict, stage: props.stage });
    this.tell('PredictFunction', predict.lambda.functionName);
  }

  #addPredict({ stage, folders, photos, history, captures }: InferenceStackProps): ImageFunction<'predict'> {
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
      });
  }
}
