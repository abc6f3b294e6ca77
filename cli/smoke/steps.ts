import { reasonOf } from '../errors.ts';

/** Something that works, or does not. */
export interface Step {
  readonly name: string;
  /** the steps without which this one cannot be tried */
  readonly needs: readonly string[];
  readonly timeoutMs: number;
  /** what to look at when it does not work */
  readonly advice: string;
  /** @returns what was seen @throws when it does not work */
  readonly attempt: (signal: AbortSignal) => Promise<string>;
}

export type StepOutcome = { readonly step: string } & (
  | { readonly outcome: 'works'; readonly duration_ms: number; readonly detail: string }
  | { readonly outcome: 'fails'; readonly duration_ms: number; readonly reason: string; readonly advice: string }
  | { readonly outcome: 'skipped'; readonly reason: string }
);

/**
 * Tries one step after another; one that needs what does not work is skipped.
 * @param interrupt ends everything: its abort is thrown, and is no outcome of a step
 */
export async function* runSteps(steps: readonly Step[], interrupt: AbortSignal): AsyncGenerator<StepOutcome> {
  const working = new Set<string>();
  for (const step of steps) {
    const missing = step.needs.find((name) => !working.has(name));
    const outcome = missing === undefined ? await tried(step, interrupt) : skipped(step, missing);
    if (outcome.outcome === 'works') working.add(step.name);
    yield outcome;
  }
}

const skipped = ({ name }: Step, missing: string): StepOutcome => ({
  step: name,
  outcome: 'skipped',
  reason: `'${missing}' does not work`,
});

async function tried({ name, timeoutMs, advice, attempt }: Step, interrupt: AbortSignal): Promise<StepOutcome> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const startMs = performance.now();
  const took = () => Math.round(performance.now() - startMs);
  try {
    const detail = await beforeAbort(attempt, AbortSignal.any([interrupt, timeout]));
    return { step: name, outcome: 'works', duration_ms: took(), detail };
  } catch (error) {
    interrupt.throwIfAborted();
    const reason = timeout.aborted ? `not done within ${timeoutMs / 1000} s` : reasonOf(error);
    return { step: name, outcome: 'fails', duration_ms: took(), reason, advice };
  }
}

/** Work that does not heed its signal is left behind. */
function beforeAbort<T>(attempt: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  return Promise.race([attempt(signal), promise]);
}
