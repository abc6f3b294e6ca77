/** Repeatable randomness: the same seed gives the same numbers on every machine and version of Node. */
export interface Random {
  /** uniform over [0, 1), with 53 bits */
  next(): number;
  /** a whole number of 0 to n - 1, each as likely */
  int(n: number): number;
  /** standard normal, by the Box-Muller transform */
  normal(): number;
}

/**
 * xoshiro128** seeded by a mixer of the splitmix family, over 32-bit integers alone.
 * Source: D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", 2021.
 * @param seed its lower 32 bits count
 */
export function seededRandom(seed: number): Random {
  const word = xoshiro128(mixed(seed));
  const next = () => (word() * 2 ** 21 + (word() >>> 11)) / 2 ** 53;
  return {
    next,
    int: (n) => Math.floor(next() * n),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  };
}

type State = [number, number, number, number];

function mixed(seed: number): State {
  let x = seed >>> 0;
  const word = (): number => {
    x = (x + 0x9e3779b9) >>> 0;
    let z = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
    return (z ^ (z >>> 16)) >>> 0;
  };
  return [word(), word(), word(), word()];
}

const rotated = (x: number, by: number): number => ((x << by) | (x >>> (32 - by))) >>> 0;

function xoshiro128(s: State): () => number {
  return () => {
    const result = Math.imul(rotated(Math.imul(s[1], 5), 7), 9) >>> 0;
    const t = (s[1] << 9) >>> 0;
    s[2] = (s[2] ^ s[0]) >>> 0;
    s[3] = (s[3] ^ s[1]) >>> 0;
    s[1] = (s[1] ^ s[2]) >>> 0;
    s[0] = (s[0] ^ s[3]) >>> 0;
    s[2] = (s[2] ^ t) >>> 0;
    s[3] = rotated(s[3], 11);
    return result;
  };
}
