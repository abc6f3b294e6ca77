import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** What is known of a table beyond what the engine keeps. */
export interface Settings {
  readonly deletionProtection?: boolean;
  /** The attribute that holds the expiry; absent while time to live is off. */
  readonly ttlAttribute?: string | undefined;
  /** Days that could be recovered; absent while point-in-time recovery is off. */
  readonly recoveryDays?: number | undefined;
}

/** The settings of all tables, in a file beside the engine's own. They change rarely, so each change writes it anew. */
export class TableSettings {
  readonly #file: string | undefined;
  readonly #tables: Map<string, Settings>;

  /** @param file in memory without one */
  constructor(file?: string) {
    this.#file = file;
    this.#tables = new Map(Object.entries(file ? read(file) : {}));
  }

  of(tableName: string): Settings {
    return this.#tables.get(tableName) ?? {};
  }

  all(): readonly (readonly [tableName: string, settings: Settings])[] {
    return [...this.#tables];
  }

  change(tableName: string, change: Settings): void {
    this.#tables.set(tableName, { ...this.of(tableName), ...change });
    this.#write();
  }

  forget(tableName: string): void {
    this.#tables.delete(tableName);
    this.#write();
  }

  /** Under another name first: a process that ends meanwhile leaves the old file whole. */
  #write(): void {
    if (!this.#file) return;
    const draft = `${this.#file}.draft`;
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(draft, JSON.stringify(Object.fromEntries(this.#tables), undefined, 2));
    renameSync(draft, this.#file);
  }
}

function read(file: string): Record<string, Settings> {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
