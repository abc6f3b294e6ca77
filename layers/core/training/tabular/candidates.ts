import type { TableSchema, TabularTraining } from '@kilat/contracts';
import {
  type Candidate,
  fitGradientBoosting,
  type LogisticTabularModel,
  logisticCandidate,
  type TreeTabularModel,
  treeCandidate,
} from '../../learning/index.ts';
import type { CandidateSpec } from '../recipe.ts';

export type FittedTable = LogisticTabularModel | TreeTabularModel;

type Family = TabularTraining['families'][number];
type Settings = Readonly<Record<string, number>>;

/**
 * What is tried of each kind, from the simplest to the most complex; a narrow search tries the first alone. On tables of
 * some thousand rows, small trees on half of the features are the ones that come out ahead.
 */
const grid: Readonly<Record<Family, readonly [Settings, ...Settings[]]>> = {
  logistic: [{ C: 1 }, { C: 0.1 }, { C: 10 }],
  boosting: [
    { iterations: 150, learningRate: 0.05, maxLeaves: 6, featureShare: 0.5, minSamplesLeaf: 40, l2: 10 },
    { iterations: 300, learningRate: 0.03, maxLeaves: 4, featureShare: 0.5, minSamplesLeaf: 20, l2: 10 },
    { iterations: 200, learningRate: 0.05, maxLeaves: 16, featureShare: 0.5, minSamplesLeaf: 40, l2: 10 },
  ],
};

export function tabularSpecs({ families, search }: TabularTraining): CandidateSpec[] {
  return families.flatMap((family) =>
    (search === 'narrow' ? grid[family].slice(0, 1) : grid[family]).map((settings) => ({
      name: [family, ...Object.entries(settings).map(([name, value]) => `${name}=${value}`)].join(' '),
      parameters: { family, ...settings },
    })),
  );
}

/** @throws {RangeError} when it is of no kind that is known */
export function candidateOf(
  table: TableSchema,
  { name, parameters }: CandidateSpec,
  seed: number,
): Candidate<FittedTable> {
  const { family, ...settings } = parameters as { readonly family: Family } & Settings;
  const told = { name, params: { ...parameters } as Candidate['params'] };
  switch (family) {
    case 'logistic':
      return { ...logisticCandidate(table, settings), ...told };
    case 'boosting':
      return treeCandidate(table, told, (set) => fitGradientBoosting(set, { ...settings, seed }));
    default:
      throw new RangeError(`'${family}' is no kind of model; known are ${Object.keys(grid).join(', ')}`);
  }
}
