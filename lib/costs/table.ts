import type { CostLine, Costs } from './costs.ts';
import { prices } from './prices.ts';

/** As tables of Markdown, so that the README and the terminal show the same. */
export const costTables = ({ workload, idle }: Costs, predictions: number): string =>
  [
    tableOf(`a month with ${predictions.toLocaleString('en')} predictions`, workload),
    tableOf('a month without any', idle),
  ].join('\n\n');

function tableOf(title: string, lines: readonly CostLine[]): string {
  const rows = lines.map((line) => row(line.service, amountOf(line), line));
  const total = { usd: sum(lines, 'usd'), usdAfterFreeTier: sum(lines, 'usdAfterFreeTier') };
  return [
    `| ${title} | amount | USD | after the free tier |`,
    '|---|---:|---:|---:|',
    ...rows,
    row('**all**', '', total),
  ].join('\n');
}

const row = (name: string, amount: string, { usd, usdAfterFreeTier }: Pick<CostLine, 'usd' | 'usdAfterFreeTier'>) =>
  `| ${name} | ${amount} | ${usd.toFixed(2)} | ${usdAfterFreeTier.toFixed(2)} |`;

function amountOf({ price, quantity }: CostLine): string {
  const { unit, evidence } = prices[price];
  const amount = quantity.toLocaleString('en', { maximumFractionDigits: quantity < 100 ? 2 : 0 });
  return `${amount} ${unit}${evidence === 'unverified' ? ' ¹' : ''}`;
}

const sum = (lines: readonly CostLine[], column: 'usd' | 'usdAfterFreeTier'): number =>
  lines.reduce((total, line) => total + line[column], 0);
