import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AuthorizeOperation, AwsError, awsJson, parse } from '../aws-json.ts';
import { authorizeOperations, type Iam } from '../iam/index.ts';
import type { Clock, Service } from '../service.ts';
import { operationAccess, refusalStyle } from './authorization.ts';
import { Engine } from './engine.ts';
import { type OperationParts, operations } from './operations.ts';
import { ReadWriteLock } from './read-write-lock.ts';
import { TableSettings } from './table-settings.ts';
import { Tables } from './tables.ts';
import { TimeToLive } from './time-to-live.ts';

export interface DynamoDbOptions {
  /** Where tables are kept. @default in memory */
  readonly dir?: string | undefined;
  /** @default a free one */
  readonly port?: number | undefined;
  readonly now?: Clock | undefined;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** The pause between two searches for expired items. @default one minute; AWS takes up to days */
  readonly ttlSweepMs?: number | undefined;
  readonly onFault?: ((error: unknown) => void) | undefined;
}

export type DynamoDbService = Service;

/** DynamoDB on dynalite, completed with what dynalite lacks. */
export async function startDynamoDb(options: DynamoDbOptions = {}): Promise<DynamoDbService> {
  const { dir, port = 0, now = Date.now, iam, ttlSweepMs = 60_000, onFault = () => {} } = options;
  const engine = new Engine(dir && join(dir, 'tables'));
  const settings = new TableSettings(dir && join(dir, 'table-settings.json'));
  const tables = new Tables(engine, settings);
  const lock = new ReadWriteLock();
  const timeToLive = new TimeToLive({ engine, tables, settings, lock, now });

  const parts = { engine, tables, settings, timeToLive, lock, now };
  const access = operationAccess((...table) => tables.partitionKey(...table));
  const authorize =
    iam && authorizeOperations({ iam, operations: Object.keys(operations(parts)), access, style: refusalStyle });
  const url = await engine.listen(dynamoDbApi(parts, { authorize, onFault }), port);
  const stopSweeping = repeat((signal) => timeToLive.sweep(signal).catch(onFault), ttlSweepMs);
  let closing: Promise<void> | undefined;
  const close = async () => {
    await stopSweeping();
    await lock.exclusive(() => engine.close());
  };
  return {
    url,
    close() {
      closing ??= close();
      return closing;
    },
  };
}

/** Runs `work` now and again, never twice at once. @returns what stops it, and waits for the run under way */
function repeat(work: (signal: AbortSignal) => Promise<void>, pauseMs: number): () => Promise<void> {
  const abort = new AbortController();
  const { signal } = abort;
  const running = (async () => {
    while (!signal.aborted) {
      await pause(pauseMs, undefined, { signal, ref: false }).catch(() => {});
      if (!signal.aborted) await work(signal);
    }
  })();
  return () => {
    abort.abort();
    return running;
  };
}

interface ApiOptions {
  readonly authorize: AuthorizeOperation | undefined;
  readonly onFault: (error: unknown) => void;
}

/** Operations of ours go the way of every local service; all others, nearly all the load, are handed on as bytes. */
function dynamoDbApi(parts: OperationParts, { authorize, onFault }: ApiOptions): RequestListener {
  const { engine, lock } = parts;
  const completed = operations(parts);
  return awsJson({
    target: 'DynamoDB_20120810',
    version: '1.0',
    errorNamespace: 'com.amazonaws.dynamodb.v20120810',
    operations: completed,
    authorize,
    onFault,
    otherwise: async (request, response, body) => {
      if (isCompleted(request, body, completed)) return false;
      const { headers } = request;
      // The engine itself refuses what nobody signed.
      if (headers.authorization) await authorize?.(parse(body), { operation: operationOf(headers), headers });
      await pass(request, response, body);
      return true;
    },
  });

  async function pass(request: IncomingMessage, response: ServerResponse, body: Buffer): Promise<void> {
    try {
      const answer = await lock.shared(() => engine.pass(request, body));
      if (!response.destroyed) response.writeHead(answer.status, answer.headers).end(answer.body);
    } catch (error) {
      if (!(error instanceof AwsError)) onFault(error);
      response.destroy();
    }
  }
}

const operationOf = (headers: IncomingMessage['headers']): string =>
  String(headers['x-amz-target']).split('.')[1] ?? '';

const WRITES = new Set(['PutItem', 'UpdateItem', 'DeleteItem']);

function isCompleted(request: IncomingMessage, body: Buffer, completed: object): boolean {
  const operation = operationOf(request.headers);
  if (!(operation in completed)) return false;
  return !WRITES.has(operation) || body.includes('"ReturnValuesOnConditionCheckFailure"');
}
