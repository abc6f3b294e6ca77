import type { PairedComparison } from '../learning/index.ts';
import type { Evaluation } from './recipe.ts';

/** The alias that a trained version gets, and why. */
export interface Decision {
  readonly alias: 'champion' | 'challenger' | 'none';
  readonly reason: string;
}

type Judged = Pick<Evaluation, 'primary' | 'guards' | 'comparisons'>;

/**
 * What becomes of a trained version. `auto` lets it serve at once when it beats the champion by more than noise in the
 * metric that decides, and in no guard is worse by more than noise; `manual` leaves that to a person. Whoever is worse
 * than the champion by more than noise gets no alias. Noise: the paired bootstrap's interval has 0 in it.
 */
export function decide(promotion: 'auto' | 'manual', { primary, guards, comparisons }: Judged): Decision {
  const deciding = comparisons[primary];
  if (!deciding) return { alias: 'challenger', reason: 'there is no champion that answers the same rows' };
  if (isWorse(deciding)) return { alias: 'none', reason: `worse than the champion: ${told(primary, deciding)}` };
  const worse = guards.filter((name) => comparisons[name] && isWorse(comparisons[name]));
  if (worse.length > 0) {
    const reasons = worse.map((name) => told(name, comparisons[name]!));
    return { alias: 'challenger', reason: `worse than the champion in what is guarded: ${reasons.join('; ')}` };
  }
  if (!deciding.isBetter)
    return {
      alias: 'challenger',
      reason: `not better than the champion by more than noise: ${told(primary, deciding)}`,
    };
  if (promotion === 'manual') {
    return {
      alias: 'challenger',
      reason: `better than the champion, and promoted by hand: ${told(primary, deciding)}`,
    };
  }
  return { alias: 'champion', reason: `better than the champion by more than noise: ${told(primary, deciding)}` };
}

/** Whether the whole interval lies on the worse side. */
const isWorse = ({ better, difference }: PairedComparison): boolean =>
  better === 'higher' ? difference.high < 0 : difference.low > 0;

const figure = (value: number): string => value.toFixed(4);

function told(name: string, { champion, challenger, difference }: PairedComparison): string {
  const interval = `${figure(difference.low)} to ${figure(difference.high)}`;
  return `${name} ${figure(challenger)} against ${figure(champion)}, 95 % of the difference ${interval}`;
}
