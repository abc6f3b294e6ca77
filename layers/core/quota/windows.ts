/** The minute and the day, in UTC, that a moment belongs to. */
export interface Windows {
  /** `2026-11-20T22:32Z`: sorts as it is spelt */
  readonly minute: string;
  /** `2026-11-20` */
  readonly day: string;
  /** from the moment to the end of the minute: 1 to 60 */
  readonly minuteSecondsLeft: number;
  /** from the moment to the end of the day: 1 to 86,400 */
  readonly daySecondsLeft: number;
}

export const MINUTE_SECONDS = 60;
export const DAY_SECONDS = 86_400;

export function windowsAt(epochMs: number): Windows {
  const time = new Date(epochMs).toISOString();
  return {
    minute: `${time.slice(0, 16)}Z`,
    day: time.slice(0, 10),
    minuteSecondsLeft: secondsLeft(epochMs, MINUTE_SECONDS),
    daySecondsLeft: secondsLeft(epochMs, DAY_SECONDS),
  };
}

/** Rounded up: who waits that long is in the next window. */
const secondsLeft = (epochMs: number, windowSeconds: number): number =>
  Math.ceil(windowSeconds - ((epochMs / 1000) % windowSeconds));
