/** Milliseconds since the last lap, and since the start. */
export interface Stopwatch {
  lap(): number;
  total(): number;
}

/** @param timer milliseconds of a clock that never goes back */
export function stopwatch(timer: () => number): Stopwatch {
  const start = timer();
  let last = start;
  return {
    lap() {
      const now = timer();
      const duration = round(now - last);
      last = now;
      return duration;
    },
    total: () => round(timer() - start),
  };
}

/** Microseconds are what the clock can tell. */
const round = (ms: number): number => Math.max(0, Math.round(ms * 1000) / 1000);
