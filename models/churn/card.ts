import type { TabularManifest } from '@kilat/contracts';
import type {
  BinaryEvaluation,
  BinaryMetricName,
  Calibration,
  Estimate,
  SegmentSummary,
  SweepReport,
} from '@kilat/core/learning';

export interface CardFacts {
  readonly manifest: TabularManifest;
  /** on held-out customers */
  readonly evaluation: BinaryEvaluation;
  /** what who knows the process would attain */
  readonly attainable: { readonly process: Estimate; readonly heldOut: Estimate };
  readonly groups: readonly (BinaryEvaluation['metrics'] & { readonly group: string; readonly rows: number })[];
  readonly segments: readonly SegmentSummary[];
  readonly sizes: { readonly training: number; readonly heldOut: number; readonly process: number };
  readonly calibration: Calibration;
  readonly sweep: SweepReport;
}

const figure = (value: number): string => value.toFixed(4);
const range = (estimate: Estimate | undefined): string =>
  estimate ? `${figure(estimate.value)} (${figure(estimate.low)} to ${figure(estimate.high)})` : 'too few rows';
const count = (value: number): string => value.toLocaleString('en-GB');
const percent = (share: number | undefined): string => (share === undefined ? '' : `${(100 * share).toFixed(1)} %`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const told: readonly (readonly [BinaryMetricName, string])[] = [
  ['roc_auc', 'ROC-AUC'],
  ['pr_auc', 'PR-AUC (average precision)'],
  ['log_loss', 'log loss'],
  ['brier_score', 'Brier score'],
  ['expected_calibration_error', 'calibration error (10 bins)'],
  ['accuracy', 'accuracy'],
  ['precision', 'precision of "leaves"'],
  ['recall', 'recall of "leaves"'],
  ['f1', 'F1 of "leaves"'],
  ['top_decile_lift', 'lift of the top tenth'],
];

/** The model's README.md. */
export function modelCard(facts: CardFacts): string {
  const { manifest, evaluation, attainable, groups, segments, sizes, calibration, sweep } = facts;
  const { decision_threshold: threshold, segments: cuts } = manifest.postprocessing;
  return `# churn: who will leave

<!-- Written by train.ts from card.ts: edit that, then run it. -->

\`churn\` says how likely a customer of a telephone company is to leave within a month, and why. It is trained on customers
that [generate.ts](generate.ts) makes up: their process is known, and with it what the best of all models could attain. On
${count(sizes.heldOut)} customers whom it never saw its ROC-AUC is ${range(evaluation.metrics.roc_auc)}; who knows each
customer's true probability attains ${range(attainable.heldOut)} on the same customers (95 % interval in brackets, here and below).

## Use

Meant for: trying the platform with a table, and as a starting point to train your own model on
([IBM's Telco table](https://www.kaggle.com/datasets/blastchar/telco-customer-churn) has the same columns).

It cannot:

- tell anything about real customers: nobody whom it learnt from exists. Train it on your own before you act on it;
- say what would keep a customer: its reasons tell what moved the prediction, not what causes anybody to leave;
- see beyond a month, or notice that the market has changed since it was trained;
- be fairer than its data: it does not see the gender, but what goes along with it.

Do not use it to refuse somebody a service, or to set a price by age.

## The table

[table.json](table.json) states the columns, their types, ranges and categories: ${manifest.table.columns.length} to learn from, the id
\`${manifest.table.id_column}\`, the target \`${manifest.table.target.column}\` (\`${manifest.table.target.positive_class}\`: left). A value that the
table does not allow is refused, naming row and column; a new way to pay, or charges above the range, are predicted with a warning.

${table(
  ['left out', 'why'],
  manifest.table.excluded_columns.map(({ name, reason }) => [`\`${name}\``, reason]),
)}

${manifest.table.leakage_notes.map((note) => `- ${note}.`).join('\n')}

## Training

    node models/churn/train.ts

trains on ${count(sizes.training)} generated customers and writes every file of this folder, the same bytes each time. Candidates are
compared by log loss in five-fold cross-validation; the simplest that is not clearly worse than the best is taken:

${table(
  ['candidate', 'log loss', 'standard error', ''],
  sweep.trials.map(({ name, mean, standardError }, index) => [
    name,
    figure(mean),
    figure(standardError),
    index === sweep.chosen ? 'chosen' : '',
  ]),
)}

Calibration: ${calibration.method === 'none' ? 'none, since out-of-fold neither Platt nor isotonic helps by more than noise' : calibration.method}.

## Measured

On ${count(sizes.heldOut)} customers of another seed:

${table(
  ['metric', 'value'],
  told.map(([name, title]) => [title, range(evaluation.metrics[name])]),
)}

**The best attainable.** The process's own probabilities have an AUC of ${range(attainable.process)} over ${count(sizes.process)}
customers: no model can be expected to do better.

**Threshold.** A customer is called \`${manifest.table.target.positive_class}\` from a probability of ${threshold} up: the lowest mean cost
where an offer costs 20, keeps 60 of 100 who would leave, and each who leaves costs 100. Your costs are others; the
probability is calibrated so that you can choose your own.

**Segments**, cut so that out-of-fold 15 % are \`high\` (from ${cuts.high}) and 25 % \`medium\` (from ${cuts.medium}):

${table(
  ['segment', 'customers', 'mean probability', 'left'],
  segments.map(({ segment, rows, meanProbability, positiveRate }) => [
    segment,
    count(rows),
    percent(meanProbability),
    percent(positiveRate),
  ]),
)}

**Calibration:**

${table(
  ['customers', 'mean probability', 'left'],
  evaluation.calibrationCurve.map(({ rows, meanProbability, positiveRate }) => [
    count(rows),
    percent(meanProbability),
    percent(positiveRate),
  ]),
)}

**Groups:**

${table(
  ['group', 'customers', 'ROC-AUC', 'calibration error'],
  groups.map(({ group, rows, roc_auc, expected_calibration_error }) => [
    group,
    count(rows),
    range(roc_auc),
    range(expected_calibration_error),
  ]),
)}

## Files

\`model.onnx\` (${count(manifest.weights.bytes)} bytes) takes the columns by name and gives calibrated probabilities and log-odds; \`explainer.json\`
(${count(manifest.explainer.bytes)} bytes) holds the same parts as data, from which exact SHAP values are computed and the ONNX
file can be made again. MIT licence, as the code.
`;
}
