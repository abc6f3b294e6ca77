import { modelNameSchema } from '@kilat/contracts';
import { Command, InvalidArgumentError, Option } from 'commander';
import { LOCAL_STAGE, regionOption } from '../connection/connect.ts';
import { dataOption } from '../connection/local-connection.ts';
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
  readonly region?: string;
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
    .addOption(regionOption())
    .addOption(dataOption())
    .option('--json', 'one line of JSON for each file')
    .addHelpText('after', help)
    .action((files: string[], options: DropOptions) => run(() => dropAll(files, options)));

function modelName(text: string): string {
  if (modelNameSchema.safeParse(text).success) return text;
  throw new InvalidArgumentError('expected lower-case letters, digits and hyphens');
}

async function dropAll(files: readonly string[], options: DropOptions): Promise<boolean> {
  // Both load the SDK, which no other command waits for.
  const [{ drop }, { openInbox }] = await Promise.all([import('./drop.ts'), import('./inbox.ts')]);
  const place = { ...(await openInbox(options)), tenantId: options.tenant, modelName: options.model };
  const dropped = await Promise.all(files.map((file) => drop(place, file)));
  if (options.json) for (const line of dropped) console.log(JSON.stringify(line));
  else console.log(asTable(dropped));
  return dropped.every(({ problem }) => !problem);
}

const asTable = (dropped: readonly Dropped[]): string =>
  table([
    ['FILE', 'OUTCOME', 'OBJECT'],
    ...dropped.map(({ file, key, result, problem }) => [file, result?.label ?? problem?.code ?? '', key]),
  ]);
