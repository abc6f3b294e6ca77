import type { FunctionEnv } from '@kilat/contracts';
import { ArnFormat, Duration, Size, Stack, Validations } from 'aws-cdk-lib';
import { DockerImageAsset, type Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Grant, type IGrantable, type IPrincipal, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CustomState } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct, type IConstruct } from 'constructs';
import type { Stage } from '../stage.ts';
import type { ModelsBucket } from './models-bucket.ts';

export interface TrainingJobProps {
  readonly stage: Stage;
  /** the context of the inference image, which holds the training function too */
  readonly folder: string;
  readonly platform: Platform;
  readonly models: ModelsBucket;
  /** what the training function is told, and so the job */
  readonly environment: Readonly<Record<keyof FunctionEnv<'train'>, string>>;
}

const MAX_RUN_TIME = Duration.hours(4);
const VOLUME = Size.gibibytes(30);
/** names of jobs, which the account's rights speak of */
const PREFIX = 'kilat-';
const LOG_GROUP = '/aws/sagemaker/TrainingJobs*';
/** as cdk-nag writes them */
const ARN = 'arn:<AWS::Partition>';
const PLACE = '<AWS::Region>:<AWS::AccountId>';

/** Trains one candidate as a job of SageMaker's, for what outgrows a function: the same image, and the same step. */
export class TrainingJob extends Construct implements IGrantable {
  /** the job's own, while it runs */
  readonly grantPrincipal: IPrincipal;
  readonly #role: Role;
  readonly #props: TrainingJobProps;
  readonly #image: DockerImageAsset;

  constructor(scope: Construct, id: string, props: TrainingJobProps) {
    super(scope, id);
    this.#props = props;
    this.#role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    this.grantPrincipal = this.#role;
    this.#image = new DockerImageAsset(this, 'Image', { directory: props.folder, platform: props.platform });
    this.#image.repository.grantPull(this.#role);
    const logs = Stack.of(this).formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: LOG_GROUP,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const actions = ['logs:CreateLogGroup', 'logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'];
    Grant.addToPrincipal({ grantee: this.#role, actions, resourceArns: [logs] });
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions-IAM5[Resource::*]', reason: 'ECR gives its token for no repository that could be named' },
      {
        id: `AwsSolutions-IAM5[Resource::${ARN}:logs:${PLACE}:log-group:${LOG_GROUP}]`,
        reason: 'each job has a stream',
      },
    );
  }

  /** Allows a state machine to run the job, and to wait for its end. */
  grantRun(grantee: IGrantable & IConstruct): void {
    Validations.of(grantee).acknowledge({
      id: `AwsSolutions-IAM5[Resource::${ARN}:sagemaker:${PLACE}:training-job/${PREFIX}*]`,
      reason: 'each candidate of each run has a job of its own',
    });
    const stack = Stack.of(this);
    const jobs = stack.formatArn({ service: 'sagemaker', resource: 'training-job', resourceName: `${PREFIX}*` });
    const rule = 'rule/StepFunctionsGetEventsForSageMakerTrainingJobsRule';
    const actions = ['sagemaker:CreateTrainingJob', 'sagemaker:DescribeTrainingJob', 'sagemaker:StopTrainingJob'];
    Grant.addToPrincipal({ grantee, actions: [...actions, 'sagemaker:AddTags'], resourceArns: [jobs] });
    Grant.addToPrincipal({ grantee, actions: ['iam:PassRole'], resourceArns: [this.#role.roleArn] });
    Grant.addToPrincipal({
      grantee,
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resourceArns: [stack.formatArn({ service: 'events', resource: rule })],
    });
  }

  /** The state that runs the job: the step is its hyperparameter, as JSON. */
  state(scope: Construct, id: string): CustomState {
    const { models, stage, environment } = this.#props;
    const bucket = models.bucket.bucketName;
    const place = '$.run.tenant_id, $.run.model';
    const stateJson = {
      Type: 'Task',
      Resource: `arn:${Stack.of(this).partition}:states:::sagemaker:createTrainingJob.sync`,
      Parameters: {
        'TrainingJobName.$': `States.Format('${PREFIX}{}-{}-{}', $.run.run_id, $.candidate.index, $$.State.RetryCount)`,
        RoleArn: this.#role.roleArn,
        AlgorithmSpecification: {
          TrainingImage: this.#image.imageUri,
          TrainingInputMode: 'File',
          ContainerEntrypoint: ['node', '/var/task/train.mjs'],
        },
        HyperParameters: { 'task.$': 'States.JsonToString($)' },
        InputDataConfig: [
          {
            ChannelName: 'dataset',
            DataSource: {
              S3DataSource: {
                S3DataType: 'S3Prefix',
                S3DataDistributionType: 'FullyReplicated',
                'S3Uri.$': `States.Format('s3://${bucket}/datasets/{}/{}/{}/', ${place}, $.snapshot.dataset_sha256)`,
              },
            },
          },
        ],
        OutputDataConfig: {
          'S3OutputPath.$': `States.Format('s3://${bucket}/runs/{}/{}/{}/jobs/', ${place}, $.run.run_id)`,
        },
        ResourceConfig: {
          InstanceType: stage.training.instanceType,
          InstanceCount: 1,
          VolumeSizeInGB: VOLUME.toGibibytes(),
        },
        StoppingCondition: { MaxRuntimeInSeconds: MAX_RUN_TIME.toSeconds() },
        Environment: environment,
      },
      ResultPath: null,
      Retry: [
        // Of the service itself; a job that failed says so at once, for another takes minutes to fail again.
        {
          ErrorEquals: ['SageMaker.AmazonSageMakerException'],
          IntervalSeconds: 30,
          MaxAttempts: 2,
          BackoffRate: 2,
          JitterStrategy: 'FULL',
        },
      ],
      TimeoutSeconds: MAX_RUN_TIME.plus(Duration.minutes(10)).toSeconds(),
    };
    return new CustomState(scope, id, { stateJson });
  }
}
