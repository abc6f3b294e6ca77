/** dynalite 4 ships no types; this is the part that we use. */
declare module 'dynalite' {
  import type { Server } from 'node:http';

  export interface DynaliteOptions {
    /** A folder for LevelDB. @default in memory */
    readonly path?: string;
    /** How long a table stays in each state, in milliseconds. */
    readonly createTableMs?: number;
    readonly deleteTableMs?: number;
    readonly updateTableMs?: number;
  }

  /** The server does not listen yet. Its `close` closes the store as well, but only if it listened. */
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has no other export
  export default function dynalite(options?: DynaliteOptions): Server;
}
