import type { Run } from '@kilat/contracts';

/** One run of a tenant's. */
export interface RunRef {
  readonly tenantId: string;
  readonly runId: string;
}

export interface RunSelection {
  readonly tenantId: string;
  /** @default all that the tenant has */
  readonly model?: string | undefined;
  /** the id of the run up to which was read */
  readonly before?: string | undefined;
  readonly limit: number;
}

export interface SelectedRuns {
  readonly runs: Run[];
  /** the id up to which was read; absent at the end */
  readonly last?: string;
}

/** What keeps runs. Of one tenant and model, one is under way at a time. */
export interface RunStore {
  /**
   * Takes a run on. The same run again changes nothing.
   * @param lockedUntil epoch seconds from which on another may begin, should this one never end
   * @throws {RunInProgressError} when another of this tenant and model is under way
   */
  create(tenantId: string, run: Run, lockedUntil: number): Promise<void>;
  /** Notes how far a run is. What has ended stays as it is. @returns undefined where it has ended, or there is none */
  advance(ref: RunRef, changes: Partial<Run>): Promise<Run | undefined>;
  /** Notes how a run ended, and lets the next begin. @returns as `advance` */
  end(ref: RunRef, model: string, changes: Partial<Run>): Promise<Run | undefined>;
  find(ref: RunRef): Promise<Run | undefined>;
  /** The newest first. */
  select(selection: RunSelection): Promise<SelectedRuns>;
}

/** The states that a run does not leave. */
export const endedRunStates = ['succeeded', 'rejected', 'failed', 'cancelled'] as const satisfies Run['state'][];
