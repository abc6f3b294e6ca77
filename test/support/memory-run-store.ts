import type { Run } from '@kilat/contracts';
import { endedRunStates, RunInProgressError, type RunRef, type RunStore } from '@kilat/core';

interface Lock {
  readonly holder: string;
  readonly lockedUntil: number;
}

/** Runs in memory, as the contract of run stores asks. @param now epoch milliseconds */
export function memoryRunStore(now: () => number): RunStore {
  const runs = new Map<string, { readonly tenantId: string; readonly run: Run }>();
  const locks = new Map<string, Lock>();
  const named = ({ tenantId, runId }: RunRef): string => `${tenantId} ${runId}`;

  function update(ref: RunRef, changes: Partial<Run>): Run | undefined {
    const known = runs.get(named(ref))?.run;
    if (!known || endedRunStates.some((state) => state === known.state)) return undefined;
    const run = { ...known, ...changes };
    runs.set(named(ref), { tenantId: ref.tenantId, run });
    return run;
  }

  return {
    async create(tenantId, run, lockedUntil) {
      const key = named({ tenantId, runId: run.run_id });
      if (runs.has(key)) return;
      const lock = locks.get(`${tenantId} ${run.model}`);
      if (lock && lock.lockedUntil * 1000 >= now()) throw new RunInProgressError(run.model, lock.holder);
      locks.set(`${tenantId} ${run.model}`, { holder: run.run_id, lockedUntil });
      runs.set(key, { tenantId, run });
    },

    advance: async (ref, changes) => update(ref, changes),

    async end(ref, model, changes) {
      const key = `${ref.tenantId} ${model}`;
      if (locks.get(key)?.holder === ref.runId) locks.delete(key);
      return update(ref, changes);
    },

    find: async (ref) => runs.get(named(ref))?.run,

    async select({ tenantId, model, before = 'g', limit }) {
      const found = [...runs.values()]
        .filter((entry) => entry.tenantId === tenantId && (!model || entry.run.model === model))
        .map(({ run }) => run)
        .filter(({ run_id }) => run_id < before)
        .sort((a, b) => (a.run_id < b.run_id ? 1 : -1));
      const page = found.slice(0, limit);
      return { runs: page, ...(found.length > limit && { last: page.at(-1)!.run_id }) };
    },
  };
}
