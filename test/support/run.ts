import { type Run, runSchema } from '@kilat/contracts';

/** A run that waits to begin. @param number makes its id: a later one sorts after an earlier one */
export const aRun = (number: number, changes: Partial<Run> = {}): Run =>
  runSchema.parse({
    run_id: `01920000-0000-7000-8000-${String(number).padStart(12, '0')}`,
    model: 'churn',
    state: 'queued',
    trigger: 'request',
    seed: 1,
    user_id: 'ada',
    created_at: '2026-11-20T09:30:00.000Z',
    ...changes,
  });
