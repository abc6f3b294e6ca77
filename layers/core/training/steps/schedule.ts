import type { Run } from '@kilat/contracts';
import { PlatformError } from '../../errors.ts';
import { type StartPorts, startRun } from './start.ts';

export interface SchedulePorts extends StartPorts {
  /** the tenants that may have trained before */
  readonly tenants: () => AsyncIterable<string>;
  readonly onRefused: (tenantId: string, refusal: PlatformError) => void;
}

/** Whoever a run belongs to that nobody asked for. */
const SCHEDULER = 'schedule';

/**
 * Trains a model anew for each tenant that has trained it before, on the data of their last run and on what their users
 * have corrected since. A tenant who cannot be trained now keeps no other from it.
 * @returns the runs that were started
 */
export async function trainOnSchedule(ports: SchedulePorts, model: string): Promise<Run[]> {
  const started: Run[] = [];
  for await (const tenantId of ports.tenants()) {
    const { runs } = await ports.runs.select({ tenantId, model, limit: 1 });
    if (runs.length === 0) continue;
    try {
      started.push(await startRun(ports, plan(tenantId, model, runs[0]!)));
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      ports.onRefused(tenantId, error);
    }
  }
  return started;
}

const plan = (tenant_id: string, model: string, { seed }: Run) => ({
  tenant_id,
  user_id: SCHEDULER,
  model,
  trigger: 'schedule' as const,
  seed,
  promotion: 'auto' as const,
});
