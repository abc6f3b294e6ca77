import { parse } from 'yaml';

export interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly shell?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}

type Permissions = Readonly<Record<string, string>> | string;

export interface Job {
  readonly uses?: string;
  readonly steps?: readonly Step[];
  readonly permissions?: Permissions;
  readonly environment?: unknown;
  readonly 'runs-on'?: unknown;
  readonly 'timeout-minutes'?: number;
}

/** A workflow, or an action of steps, as far as the rules look at it. */
export interface Workflow {
  readonly text: string;
  readonly on?: Readonly<Record<string, unknown>>;
  readonly permissions?: Permissions;
  readonly concurrency?: unknown;
  readonly jobs?: Readonly<Record<string, Job>>;
  readonly runs?: { readonly steps?: readonly Step[] };
}

export const readWorkflow = (text: string): Workflow => ({ ...parse(text), text });
