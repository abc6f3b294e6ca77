import type { SQSClient } from '@aws-sdk/client-sqs';
import { Command, Option } from 'commander';
import { LOCAL_STAGE } from '../connection/connect.ts';
import { dataOption, localClientConfig } from '../connection/local-connection.ts';
import { UsageError } from '../errors.ts';
import { table } from '../output/table.ts';
import { run } from '../run.ts';
import type { DeadLetters } from './redrive.ts';

const help = `
Messages end among the dead letters after three failures. Mend the cause, then:
  kilat redrive --list
  kilat redrive --queue batches`;

interface RedriveOptions {
  readonly stage: string;
  readonly data: string;
  readonly queue?: string;
  readonly list?: true;
}

/** `kilat redrive`: for whoever runs a stage, with credentials of AWS instead of a sign-in. */
export const redriveCommand = (): Command =>
  new Command('redrive')
    .description('send messages that failed back to their queues')
    .addOption(new Option('--stage <name>', 'whose queues; AWS credentials are asked for').default(LOCAL_STAGE))
    .addOption(dataOption())
    .option('--queue <name>', 'those of one queue alone: batches, control or captures')
    .option('--list', 'show how many there are, and send none')
    .addHelpText('after', help)
    .action((options: RedriveOptions) => run(() => sendBack(options)));

async function sendBack({ stage, data, queue, list }: RedriveOptions): Promise<boolean> {
  const { deadLetters, redrive } = await import('./redrive.ts'); // loads the SDK, which no other command waits for
  const client = await clientOf(stage, data);
  const all = await deadLetters(client, stage);
  const chosen = all.filter(({ name }) => queue === undefined || name === queue);
  if (chosen.length === 0) {
    const names = all.map(({ name }) => name).join(', ');
    throw new UsageError(`stage '${stage}' has no queue '${queue ?? ''}'; it has ${names || 'none'}`);
  }
  if (!list) for (const letters of chosen.filter(({ messages }) => messages > 0)) await redrive(client, letters);
  console.log(asTable(chosen, list ? 'DEAD LETTERS' : 'SENT BACK'));
  return true;
}

async function clientOf(stage: string, dataDir: string): Promise<SQSClient> {
  const { SQSClient } = await import('@aws-sdk/client-sqs');
  return stage === LOCAL_STAGE ? new SQSClient(localClientConfig(dataDir, 'sqs')) : new SQSClient();
}

const asTable = (letters: readonly DeadLetters[], title: string): string =>
  table([['QUEUE', title], ...letters.map(({ name, messages }) => [name, String(messages)])]);
