import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { GetObjectCommand, NoSuchKey, PutObjectCommand } from '@aws-sdk/client-s3';
import { inboxFolders, type PredictionRecord, type Problem } from '@kilat/contracts';
import { CliError } from '../errors.ts';
import type { Inbox } from './inbox.ts';

/** Where in the inbox a photo is put. */
export interface DropPlace extends Inbox {
  readonly tenantId: string;
  readonly modelName: string;
}

/** What came of a file: a result, or the reason for its rejection. */
export interface Dropped {
  readonly file: string;
  readonly key: string;
  readonly result?: PredictionRecord | undefined;
  readonly problem?: Problem | undefined;
}

const PATIENCE_MS = 60_000;
const LOOK_EVERY_MS = 200;

/**
 * Puts a file into the inbox and waits for what comes of it.
 * @throws {CliError} when the file cannot be read, or nothing comes of it within a minute
 */
export async function drop(inbox: DropPlace, file: string): Promise<Dropped> {
  const body = await readFile(file).catch((cause: Error) => {
    throw new CliError(`${file} cannot be read: ${cause.message}`, { cause });
  });
  // A name of its own for each drop: what comes of it is not taken for what came of an earlier one.
  const name = `${inbox.tenantId}/${inbox.modelName}/${Date.now()}-${basename(file)}`;
  const key = inboxFolders.inbox + name;
  await inbox.client.send(new PutObjectCommand({ Bucket: inbox.bucket, Key: key, Body: body }));
  for (const end = Date.now() + PATIENCE_MS; Date.now() < end; await pause(LOOK_EVERY_MS)) {
    const result = await read<PredictionRecord>(inbox, `${inboxFolders.results}${name}.json`);
    if (result) return { file, key, result };
    const problem = await read<Problem>(inbox, `${inboxFolders.rejected}${name}.problem.json`);
    if (problem) return { file, key, problem };
  }
  throw new CliError(`nothing came of ${key} within a minute`);
}

async function read<T>({ client, bucket }: Inbox, key: string): Promise<T | undefined> {
  try {
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse(await Body!.transformToString()) as T;
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}
