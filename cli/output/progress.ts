/** How far a piece of work is. */
export interface Tally {
  /** what stands before the rest */
  readonly label?: string;
  readonly done: number;
  readonly total: number;
  readonly failed?: number;
  readonly ratePerSecond?: number | undefined;
  readonly etaSeconds?: number | undefined;
}

const MAX_BAR = 30;
const MIN_BAR = 5;

/** How much of how much, what failed, how fast, how long still; the label alone of work without a total yet. */
export function progressText({ label, done, total, failed = 0, ratePerSecond, etaSeconds }: Tally): string {
  return [
    ...(label ? [label] : []),
    ...(total > 0 ? [`${Math.floor(100 * shareOf(done, total))} %`, `${done}/${total}`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(ratePerSecond ? [`${ratePerSecond.toFixed(1)}/s`] : []),
    ...(etaSeconds !== undefined && done < total ? [`${duration(etaSeconds)} left`] : []),
  ].join('  ');
}

/**
 * The text after a bar, where there is room for one.
 * @param columns of the terminal; the last is left free, or some terminals begin another line
 */
export function progressLine(tally: Tally, columns: number): string {
  const text = progressText(tally);
  const width = Math.min(MAX_BAR, columns - text.length - '[] '.length - 1);
  if (width < MIN_BAR) return text.slice(0, Math.max(0, columns - 1));
  const filled = Math.floor(width * shareOf(tally.done, tally.total));
  return `[${'█'.repeat(filled)}${'░'.repeat(width - filled)}] ${text}`;
}

/** Nothing is known of work without a total. */
const shareOf = (done: number, total: number): number => (total === 0 ? 0 : done / total);

/** 45 seconds are 0:45, an hour is 1:00:00. */
export function duration(seconds: number): string {
  const whole = Math.ceil(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor((whole % 3600) / 60)];
  const padded = (part: number): string => `${part}`.padStart(2, '0');
  return hours > 0 ? `${hours}:${padded(minutes)}:${padded(whole % 60)}` : `${minutes}:${padded(whole % 60)}`;
}

/** Rate and time left by the average since the start. */
export function paced(done: number, total: number, elapsedMs: number): Pick<Tally, 'ratePerSecond' | 'etaSeconds'> {
  if (done === 0 || elapsedMs <= 0) return {};
  const ratePerSecond = (1000 * done) / elapsedMs;
  return { ratePerSecond, etaSeconds: (total - done) / ratePerSecond };
}
