import type { ModelRef } from '../registry/registry-store.ts';

/** A version of one tenant's model. */
export interface VersionRef extends ModelRef {
  readonly version: string;
}

/** What was loaded, and what it takes. */
export interface LoadedVersion<M> {
  readonly model: M;
  /** in memory; 0 for what is kept anyway */
  readonly bytes: number;
}

export interface LoadedVersionsPorts<M> {
  /** Loads a version and proves it: the hash of its file, and its golden cases. */
  readonly load: (ref: VersionRef) => Promise<LoadedVersion<M>>;
  /** epoch milliseconds */
  readonly now: () => number;
  readonly onLoadFailed: (ref: VersionRef, error: unknown) => void;
  /** Beyond this, what was asked for longest ago is let go, in bytes. */
  readonly capacity: number;
}

/** A version that could not be loaded is tried again after this long, not with every request. */
const RETRY_MS = 60_000;

interface Entry<M> {
  readonly loading: Promise<LoadedVersion<M>>;
  loaded?: LoadedVersion<M>;
  failedAt?: number;
}

/**
 * The versions in memory. One is loaded beside those that serve and takes their place only once it has proved itself;
 * a request in flight keeps the one that it began with.
 */
export class LoadedVersions<M> {
  readonly #ports: LoadedVersionsPorts<M>;
  /** the one asked for longest ago first */
  readonly #entries = new Map<string, Entry<M>>();

  constructor(ports: LoadedVersionsPorts<M>) {
    this.#ports = ports;
  }

  /** The version if it is in memory; asks for nothing. */
  peek(ref: VersionRef): M | undefined {
    return this.#entries.get(keyOf(ref))?.loaded?.model;
  }

  /** Loads the version unless that is done or under way. @throws whatever loading threw, for a minute after it did */
  async open(ref: VersionRef): Promise<M> {
    const key = keyOf(ref);
    const entry = this.#usable(key) ?? this.#begin(ref);
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return (await entry.loading).model;
  }

  #usable(key: string): Entry<M> | undefined {
    const entry = this.#entries.get(key);
    const hasFailed = entry?.failedAt !== undefined && this.#ports.now() - entry.failedAt >= RETRY_MS;
    return hasFailed ? undefined : entry;
  }

  #begin(ref: VersionRef): Entry<M> {
    const entry: Entry<M> = { loading: this.#ports.load(ref) };
    entry.loading.then(
      (loaded) => {
        entry.loaded = loaded;
        this.#makeRoom(keyOf(ref));
      },
      (error: unknown) => {
        entry.failedAt = this.#ports.now();
        this.#ports.onLoadFailed(ref, error);
      },
    );
    return entry;
  }

  /** Lets go of what was asked for longest ago; its memory goes when the last request that uses it has ended. */
  #makeRoom(kept: string): void {
    const sizes = [...this.#entries].map(([key, { loaded }]) => ({ key, bytes: loaded?.bytes ?? 0 }));
    let total = sizes.reduce((sum, { bytes }) => sum + bytes, 0);
    for (const { key, bytes } of sizes) {
      if (total <= this.#ports.capacity) return;
      if (key === kept || bytes === 0) continue;
      this.#entries.delete(key);
      total -= bytes;
    }
  }
}

const keyOf = ({ tenantId, model, version }: VersionRef): string => `${tenantId} ${model} ${version}`;
