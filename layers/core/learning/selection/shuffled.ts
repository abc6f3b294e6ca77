import type { Random } from '../random.ts';

/** Fisher and Yates' shuffle, of a copy. */
export function shuffled<Item>(items: ArrayLike<Item>, random: Random): Item[] {
  const result = Array.from(items);
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.int(i + 1);
    [result[i], result[j]] = [result[j]!, result[i]!];
  }
  return result;
}
