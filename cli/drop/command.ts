import type { S3Client } from '@aws-sdk/client-s3';
import { modelNameSchema } from '@kilat/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LOCAL_STAGE } from '../connection/connect.ts';
import { dataOption, readConnection } from '../connection/local-connection.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';
import type { Dropped } from './drop.ts';

const help = `
  kilat drop hand.jpg --model signs
  kilat drop *.jpg --model signs --stage staging --tenant acme
Exit codes: 0 all classified, 1 some rejected, 2 wrong usage.`;

interface DropOptions {
  readonly model: string;
  readonly tenant: string;
  readonly stage: string;
  readonly data: string;
  readonly json?: true;
}

/** `kilat drop`: puts files into the inbox as any program with access to the bucket would, and shows what comes of it. */
export const dropCommand = (): Command =>
  new Command('drop')
    .description('put photos into the inbox bucket and wait for their results')
    .argument('<files...>')
    .requiredOption('--model <name>', 'which classifies them', modelName)
    .option('--tenant <id>', 'whose they are', 'demo')
    .addOption(new Option('--stage <name>', 'whose inbox; AWS credentials are asked for').default(LOCAL_STAGE))
    .addOption(dataOption())
    .option('--json', 'one line of JSON for each file')
    .addHelpText('after', help)
    .action((files: string[], options: DropOptions) => run(() => dropAll(files, options)));

function modelName(text: string): string {
  if (modelNameSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('expected lower-case letters, digits and hyphens');
}

async function dropAll(files: readonly string[], options: DropOptions): Promise<boolean> {
  const { drop, findInbox } = await import('./drop.ts'); // loads the SDK, which no other command waits for
  const client = await clientOf(options.stage, options.data);
  const bucket = await findInbox(client, options.stage);
  const place = { client, bucket, tenantId: options.tenant, modelName: options.model };
  const dropped = await Promise.all(files.map((file) => drop(place, file)));
  if (options.json) for (const line of dropped) console.log(JSON.stringify(line));
  else console.log(asTable(dropped));
  return dropped.every(({ problem }) => !problem);
}

async function clientOf(stage: string, dataDir: string): Promise<S3Client> {
  const { S3Client } = await import('@aws-sdk/client-s3');
  if (stage !== LOCAL_STAGE) return new S3Client();
  return new S3Client({
    endpoint: readConnection(dataDir).endpoints.s3,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, // which the local S3 does not check
  });
}

const asTable = (dropped: readonly Dropped[]): string =>
  table([
    ['FILE', 'OUTCOME', 'OBJECT'],
    ...dropped.map(({ file, key, result, problem }) => [file, result?.label ?? problem?.code ?? '', key]),
  ]);
