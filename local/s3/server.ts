import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Iam, Keyring } from '../iam/index.ts';
import { listen } from '../listen.ts';
import type { Clock, Service } from '../service.ts';
import { BlobStore } from './blob-store.ts';
import { BucketStore } from './bucket-store.ts';
import type { S3Context } from './context.ts';
import { Database } from './database.ts';
import { serve } from './exchange.ts';
import { createNotifier, type OnEvent } from './notifications.ts';
import { sweep, sweepEvery } from './sweep.ts';
import { UploadStore } from './upload-store.ts';
import { VersionStore } from './version-store.ts';

export interface S3Options {
  /** Where buckets and objects lie; made where it is missing, found again at the next start. Of one process only. */
  readonly dir: string;
  /** @default a free one */
  readonly port?: number;
  readonly now?: Clock;
  /** Decides who may do what. @default - everybody may do everything */
  readonly iam?: Iam | undefined;
  /** Told of faults of the emulator itself, and of deliveries that failed. */
  readonly onFault?: (error: unknown) => void;
  /** Delivers what the buckets' notification configurations ask for. */
  readonly onEvent?: OnEvent;
}

export interface S3Service extends Service {
  /** Applies the lifecycle rules now. It happens by itself at the start and every minute. */
  applyLifecycle(): void;
}

const SWEEP_INTERVAL_MS = 60_000;

/** Starts the local S3. @throws the listen error of Node, e.g. with code `EADDRINUSE` */
export async function startS3(options: S3Options): Promise<S3Service> {
  const { dir, port, now = Date.now, iam, onFault = console.error, onEvent = () => {} } = options;
  const { database, ...stores } = openStores(dir);
  const keys = iam?.keys ?? new Keyring();
  const s3: S3Context = { ...stores, now, iam, keys, notify: createNotifier({ ...stores, now, onEvent, onFault }) };
  const running = new Set<Promise<void>>();
  const listening = await listen((message, response) => {
    const exchange = serve(message, response, s3, onFault).finally(() => running.delete(exchange));
    running.add(exchange);
  }, port).catch((error) => {
    database.close();
    throw error;
  });
  const stopSweeping = sweepEvery(SWEEP_INTERVAL_MS, s3, onFault);
  const shutDown = async () => {
    stopSweeping();
    await listening.close();
    await Promise.all(running); // whoever is cut off still tidies up after themselves
    database.close();
  };
  let closed: Promise<void> | undefined;
  return {
    url: listening.url,
    applyLifecycle: () => sweep(s3),
    close: () => {
      closed ??= shutDown();
      return closed;
    },
  };
}

function openStores(dir: string) {
  mkdirSync(dir, { recursive: true });
  const database = new Database(join(dir, 's3.sqlite'));
  const stores = {
    database,
    buckets: new BucketStore(database),
    versions: new VersionStore(database),
    uploads: new UploadStore(database),
    blobs: new BlobStore(join(dir, 'blobs')),
  };
  stores.blobs.removeAllBut(new Set([...stores.versions.blobs(), ...stores.uploads.blobs()]));
  return stores;
}
