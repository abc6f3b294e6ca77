import { type Explanation, type Instance, limits, type TableSchema, type TabularExplainer } from '@kilat/contracts';
import {
  type Contributions,
  columnContributions,
  type EncoderState,
  encode,
  ensembleFromJson,
  type Feature,
  featuresOf,
  linearShap,
  type Matrix,
  topReasons,
  treeExplainer,
} from '../../learning/index.ts';

/** Says why a row got its log-odds. */
export type ExplainRow = (row: Instance, logOdds: number) => Explanation;

/** @throws {RangeError} when the parts do not fit each other, or the table */
export function explainerOf({ encoder, classifier }: TabularExplainer, table: TableSchema): ExplainRow {
  assertColumns(encoder, table);
  const features = featuresOf(encoder);
  const contributionsOf = classifier.kind === 'trees' ? treeShap(classifier) : linear(classifier);
  if (contributionsOf.features !== features.length) {
    throw new RangeError(`the encoder makes ${features.length} features; the model takes ${contributionsOf.features}`);
  }
  return (row, logOdds) => explanationOf(row, logOdds, features, contributionsOf.of(encode(encoder, [row])));
}

interface Shap {
  /** how many the model takes */
  readonly features: number;
  /** of a matrix of one row */
  of(matrix: Matrix): Contributions;
}

type Classifier<K> = Extract<TabularExplainer['classifier'], { kind: K }>;

function treeShap(trees: Classifier<'trees'>): Shap {
  const explainer = treeExplainer(ensembleFromJson(trees));
  return {
    features: trees.columns,
    of({ columns, values: row }) {
      const values = new Float64Array(columns);
      explainer.explain(row, values);
      return { baseValue: explainer.baseValue, rows: 1, columns, values };
    },
  };
}

const linear = (model: Classifier<'linear'>): Shap => ({
  features: model.weights.length,
  of: (matrix) => linearShap(model, model.means, matrix),
});

function explanationOf(row: Instance, logOdds: number, features: readonly Feature[], shap: Contributions): Explanation {
  const contributions = columnContributions(features, shap, 0);
  return {
    base_value: shap.baseValue,
    log_odds: logOdds,
    contributions: Object.fromEntries(contributions),
    top_reasons: topReasons(row, contributions, limits.tabular.maxTopReasons),
  };
}

function assertColumns({ numbers, categories }: EncoderState, { columns }: TableSchema): void {
  const encoded = [...numbers, ...categories].map(({ column }) => column).sort();
  const known = columns.map(({ name }) => name).sort();
  if (encoded.join('\n') !== known.join('\n')) {
    throw new RangeError(`the encoder knows ${encoded.join(', ')}; the table has ${known.join(', ')}`);
  }
}
