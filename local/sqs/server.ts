import { awsJson } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { openDatabase } from './database.ts';
import { Deduplication } from './deduplication.ts';
import { inFlightOperations } from './in-flight.ts';
import { LongPolls } from './long-polls.ts';
import { MessageStore } from './messages.ts';
import { moveTaskOperations } from './move-task-operations.ts';
import { MoveTaskRunner } from './move-task-runner.ts';
import { MoveTasks } from './move-tasks.ts';
import { queueOperations } from './queue-operations.ts';
import { QueueStore } from './queues.ts';
import { receiveOperations } from './receive.ts';
import { sendOperations } from './send.ts';
import type { Sqs } from './state.ts';
import { tagOperations } from './tag-operations.ts';

export interface SqsOptions {
  /** Where `sqs.sqlite` lies: queues and messages outlive the process. */
  readonly dir: string;
  /** @default 0 - a free port */
  readonly port?: number;
  /** @default Date.now */
  readonly now?: Clock;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** Told of faults of the emulator itself. */
  readonly onFault?: (error: unknown) => void;
}

export interface SqsService extends Service {}

/** Amazon SQS on 127.0.0.1, standard and FIFO queues. */
export async function startSqs(options: SqsOptions): Promise<SqsService> {
  const { dir, port, now = Date.now, iam, onFault = () => {} } = options;
  const db = openDatabase(dir);
  const messages = new MessageStore(db, now);
  const polls = new LongPolls({ nextVisibleAtMs: (queue) => messages.nextVisibleAtMs(queue), now });
  let url = '';
  const sqs: Sqs = {
    db,
    now,
    messages,
    polls,
    queues: new QueueStore(db),
    deduplication: new Deduplication(db, now),
    moveTasks: new MoveTasks(db),
    url: () => url,
    onFault,
  };
  const moves = new MoveTaskRunner(sqs);
  const operations = operationsOf(sqs, moves);
  const access = { operations: Object.keys(operations), access: operationAccess(sqs.queues), style: refusalStyle };
  const authorize = iam && authorizeOperations({ iam, ...access });
  const api = { ...protocol, operations, authorize, onFault };
  const listening = await listen(awsJson(api), port);
  url = listening.url;
  moves.resume();
  let closed: Promise<void> | undefined;
  const close = async () => {
    moves.stop();
    polls.close();
    await listening.close();
    db.close();
  };
  return { url, close: () => (closed ??= close()) };
}

const protocol = { target: 'AmazonSQS', version: '1.0', errorNamespace: 'com.amazonaws.sqs' } as const;

const operationsOf = (sqs: Sqs, moves: MoveTaskRunner) => ({
  ...queueOperations(sqs),
  ...tagOperations(sqs),
  ...sendOperations(sqs),
  ...receiveOperations(sqs),
  ...inFlightOperations(sqs),
  ...moveTaskOperations(sqs, moves),
});
