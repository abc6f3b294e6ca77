import { type Identity, limits, type Run, type TrainingInput, type TrainRequest } from '@kilat/contracts';
import { NotTrainableError } from '../../errors.ts';
import { assertReadable } from '../../jobs/tenant-keys.ts';
import { madeAt } from '../../prediction-id.ts';
import type { Registry, Version } from '../../registry/index.ts';
import { assertAdmin } from '../../tenancy.ts';
import type { RunStore } from '../run-store.ts';
import { reasonAgainstTraining } from '../trainable.ts';

export interface StartPorts {
  readonly registry: Registry;
  readonly runs: RunStore;
  /** a UUIDv7 */
  readonly newRunId: () => string;
  /** Starts an execution under the run's id; the same one again changes nothing. */
  readonly start: (input: TrainingInput) => Promise<void>;
}

/**
 * Starts a training run for an admin.
 * @throws {ForbiddenError} when the caller is no admin, or the source is another tenant's
 * @throws {NotTrainableError} @throws {RunInProgressError} @throws {ModelNotFoundError}
 */
export async function trainModel(
  ports: StartPorts,
  identity: Identity,
  model: string,
  request: TrainRequest,
): Promise<Run> {
  assertAdmin(identity);
  if (request.source !== undefined) assertReadable(identity, request.source);
  const { tenantId: tenant_id, userId: user_id } = identity;
  return startRun(ports, { tenant_id, user_id, model, trigger: 'request', ...request });
}

/** Starts a run for whoever may. @throws {NotTrainableError} @throws {RunInProgressError} @throws {ModelNotFoundError} */
export async function startRun(ports: StartPorts, asked: Omit<TrainingInput, 'run_id'>): Promise<Run> {
  const { tenant_id: tenantId, model } = asked;
  const ref = { tenantId, model };
  const { aliases } = await ports.registry.state(ref);
  const { manifest } = (await ports.registry.find(ref, aliases.champion)) as Version;
  const reason = reasonAgainstTraining(manifest);
  if (reason) throw new NotTrainableError(model, reason);
  const input: TrainingInput = { ...asked, run_id: ports.newRunId() };
  const run = queued(input);
  const startedAt = madeAt(run.run_id);
  await ports.runs.create(tenantId, run, Math.ceil(startedAt / 1000) + limits.training.lockSeconds);
  try {
    await ports.start(input);
  } catch (error) {
    const problem = { code: 'store-unavailable', detail: 'the run could not be started' };
    await ports.runs.end({ tenantId, runId: run.run_id }, model, { state: 'failed', problem });
    throw error;
  }
  return run;
}

const queued = ({ run_id, model, trigger, seed, user_id }: TrainingInput): Run => ({
  run_id,
  model,
  state: 'queued',
  trigger,
  seed,
  user_id,
  artefacts: [],
  created_at: new Date(madeAt(run_id)).toISOString(),
});
