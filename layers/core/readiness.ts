import type { Readiness } from '@kilat/contracts';

export type Check = () => Promise<unknown>;

/** Runs the checks beside each other; ready when all of them succeed. */
export async function readiness(checks: Readonly<Record<string, Check>>, timer: () => number): Promise<Readiness> {
  const results = await Promise.all(Object.entries(checks).map(([name, check]) => runCheck(name, check, timer)));
  return { ready: results.every((result) => result.ok), checks: results };
}

async function runCheck(name: string, check: Check, timer: () => number): Promise<Readiness['checks'][number]> {
  const start = timer();
  const ok = await check().then(
    () => true,
    () => false,
  );
  return { name, ok, duration_ms: Math.max(0, timer() - start) };
}
