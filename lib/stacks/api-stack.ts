import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundle } from '../bundle/index.ts';
import type { HistoryTable } from '../constructs/history-table.ts';
import { KilatApi } from '../constructs/kilat-api.ts';
import type { KilatFunction } from '../constructs/kilat-function.ts';
import type { LiveAlias } from '../constructs/live-alias.ts';
import type { TenantUserPool } from '../constructs/tenant-user-pool.ts';
import type { UsageTable } from '../constructs/usage-table.ts';
import { ZipFunction } from '../constructs/zip-function.ts';
import { version } from '../repository.ts';
import type { Stage } from '../stage.ts';
import { StageStack, type StageStackProps } from './stage-stack.ts';
import type { StorageStack } from './storage-stack.ts';

export interface ApiStackProps extends StageStackProps {
  readonly folders: Bundle['folders'];
  readonly predict: LiveAlias;
  readonly jobs: KilatFunction<'jobs'>;
  readonly training: KilatFunction<'training'>;
  readonly verify: KilatFunction<'verify'>;
  readonly storage: StorageStack;
  readonly users: TenantUserPool;
}

/** What the world sees: the gateway, and the functions that need no model to answer. */
export class ApiStack extends StageStack {
  constructor(scope: Construct, id: string, props: ApiStackProps) {
    const { stage, folders, predict, jobs, training, storage, users } = props;
    super(scope, id, stage, 'Kilat: HTTP API');
    const { history, usage } = storage;
    const limited = {
      history: this.#addHistory(stage, folders.history, history),
      models: this.#addModels(props),
      runs: this.#addRuns(props),
      usage: this.#addUsage(stage, folders.usage, usage),
    };
    for (const fn of Object.values(limited)) usage.limit(fn);
    const functions = {
      predict: predict.lambda,
      jobs: jobs.lambda,
      training: training.lambda,
      history: limited.history.lambda,
      models: limited.models.lambda,
      runs: limited.runs.lambda,
      usage: limited.usage.lambda,
      platform: this.#addPlatform(stage, folders.platform).lambda,
    };
    const { pool: userPool, client: userPoolClient } = users;
    const { api } = new KilatApi(this, 'Gateway', { stage, functions, userPool, userPoolClient });
    this.tell('ApiUrl', api.apiEndpoint);
  }

  #addHistory(stage: Stage, folder: string, history: HistoryTable) {
    const description = 'Shows predictions that were made';
    return new ZipFunction(this, 'History', { name: 'history', folder, stage, description }).use(
      'HISTORY_TABLE',
      history.table.tableName,
      (grantee) => history.grantRead(grantee),
    );
  }

  #addModels({ stage, folders, storage, verify }: ApiStackProps) {
    const { registry, models, inbox } = storage;
    const description = 'Shows models and their versions, registers them, and moves aliases';
    return new ZipFunction(this, 'Models', {
      name: 'models',
      folder: folders.models,
      stage,
      description,
      timeout: Duration.seconds(29), // as long as the gateway waits: a candidate is run meanwhile
    })
      .use('DEFAULT_MODEL', stage.defaultModel)
      .use('REGISTRY_TABLE', registry.table.tableName, (grantee) => registry.grantManage(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => {
        models.grantReadModels(grantee);
        models.grantAddModels(grantee);
      })
      .use('INBOX_BUCKET', inbox.bucket.bucketName, (grantee) => inbox.grantTakeUploads(grantee))
      .use('VERIFY_FUNCTION', verify.lambda.functionName, (grantee) => verify.grantInvoke(grantee));
  }

  /** What shows runs cannot begin one. */
  #addRuns({ stage, folders, storage: { runs, models } }: ApiStackProps) {
    const description = 'Shows training runs, and links to their files';
    return new ZipFunction(this, 'Runs', { name: 'runs', folder: folders.runs, stage, description })
      .use('RUNS_TABLE', runs.table.tableName, (grantee) => runs.grantRead(grantee))
      .use('MODELS_BUCKET', models.bucket.bucketName, (grantee) => models.grantReadRuns(grantee));
  }

  #addUsage(stage: Stage, folder: string, usage: UsageTable) {
    const description = 'Shows what a tenant has used';
    const reporter = new ZipFunction(this, 'Usage', { name: 'usage', folder, stage, description });
    usage.grantReport(reporter);
    return reporter;
  }

  #addPlatform(stage: Stage, folder: string) {
    const description = 'Shows health and the OpenAPI document, and answers what no route does';
    return new ZipFunction(this, 'Platform', { name: 'platform', folder, stage, description }).use('VERSION', version);
  }
}
