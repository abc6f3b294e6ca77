import { extname } from 'node:path';
import {
  modelNameSchema,
  type Run,
  type TrainRequest,
  trainRequestSchema,
  type UploadMediaType,
} from '@kilat/contracts';
import { Argument, Command, Option } from 'commander';
import { type Api, apiClient } from '../api/client.ts';
import { type ConnectionOptions, connect, withConnection } from '../connection/connect.ts';
import { CliError, UsageError } from '../errors.ts';
import { fileUpload, upload } from '../jobs/upload.ts';
import { as, linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { run, untilInterrupted } from '../run.ts';
import { goesOn, watchToItsEnd } from '../runs/watch-command.ts';

const help = `
Prints the id of the run. Without --source, it learns from the data of the last run and from feedback.

Examples:
  kilat train churn --as admin --source customers.csv --watch
  kilat train signs --as admin --promotion manual
  ID=$(kilat train churn --as admin --source s3:sources/acme/customers.parquet)

Exit codes: 0 started (with --watch: a version was registered), 1 not, 2 wrong usage, 130 stopped with Ctrl-C.`;

interface TrainOptions extends ConnectionOptions {
  readonly source?: string;
  readonly promotion?: TrainRequest['promotion'];
  readonly seed?: number;
  readonly watch?: true;
  readonly json?: true;
}

const { promotion, seed } = trainRequestSchema.shape;

export const trainCommand = (): Command =>
  withConnection(new Command('train'))
    .description('train a model anew; for admins')
    .addArgument(new Argument('<model>', 'its name').argParser(as(modelNameSchema)))
    .option('--source <file>', 'rows to learn from: a CSV or NDJSON file, or s3:KEY of what lies in the inbox bucket')
    .addOption(
      new Option('--promotion <policy>', 'auto: what is better by more than noise serves at once').choices(
        promotion.unwrap().options,
      ),
    )
    .option('--seed <number>', 'of what is random', (text) => as(seed)(Number(text)))
    .option('--watch', 'show how far it is, to its end')
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((model: string, options: TrainOptions) => run(() => trainAndWatch(model, options)));

async function trainAndWatch(model: string, options: TrainOptions): Promise<boolean> {
  const connection = connect(options);
  let told = 'stopped; nothing was started';
  return untilInterrupted(
    async (signal) => {
      const started = await start(apiClient(connection), model, options, signal);
      told = goesOn(started.run_id);
      if (!options.watch) return printed(started, options);
      if (!options.json) console.error(`started ${started.run_id}`);
      return watchToItsEnd(apiClient(connection, signal), started.run_id, { ...options, signal });
    },
    () => told,
  );
}

/** The signal stops the upload, and no request to the API: whether a run was started must not stay unknown. */
async function start(api: Api, model: string, options: TrainOptions, signal: AbortSignal): Promise<Run> {
  const { source, promotion, seed } = options;
  const key = source === undefined ? undefined : await keyOf(api, source, signal);
  signal.throwIfAborted();
  return api('trainModel', { params: { model }, body: { source: key, promotion, seed } });
}

const IN_INBOX = 's3:';
const tables: readonly UploadMediaType[] = ['text/csv', 'application/x-ndjson'];

/** The key of what is to be learnt from; a file of this machine is uploaded first. @throws {UsageError} */
async function keyOf(api: Api, source: string, signal: AbortSignal): Promise<string> {
  if (source.startsWith(IN_INBOX)) return source.slice(IN_INBOX.length);
  const item = fileUpload(source);
  if (!tables.includes(item.mediaType)) {
    throw new UsageError(`'${extname(source)}' is no table that can be uploaded; expected .csv, .ndjson or .jsonl`);
  }
  await item.content().catch((cause: unknown) => {
    throw new CliError(`${source} cannot be read`, { cause });
  });
  const [key] = await upload(api, [item], { signal });
  return key!;
}

function printed(started: Run, { json }: Pick<TrainOptions, 'json'>): true {
  if (json) printLine(started);
  else console.log(started.run_id);
  return true;
}
