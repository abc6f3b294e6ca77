import type { Run } from '@kilat/contracts';
import { costCurve, evaluateBinary, rankRows, seededRandom } from '@kilat/core/learning';
import type { BinaryEvaluationReport, ImportanceReport, RunReport } from '@kilat/core/reports';
import { scoreHistogram } from '@kilat/core/reports';

const ROWS = 600;

/** Rows whose true probability is known; `noise` blurs it in the log-odds. */
function rows(noise: number): { labels: number[]; probabilities: number[] } {
  const random = seededRandom(7);
  const labels: number[] = [];
  const probabilities: number[] = [];
  for (let i = 0; i < ROWS; i++) {
    const logOdds = (random.int(1000) / 1000) * 6 - 4;
    labels.push(random.int(1000) / 1000 < sigmoid(logOdds) ? 1 : 0);
    probabilities.push(sigmoid(logOdds + (random.int(1000) / 1000 - 0.5) * noise));
  }
  return { labels, probabilities };
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Two models of churn on the same rows, the champion the noisier. */
export function aBinaryReport(changes: Partial<BinaryEvaluationReport> = {}): BinaryEvaluationReport {
  const [trained, before] = [rows(1), rows(7)];
  const options = { seed: 1, resamples: 100, threshold: 0.4 };
  const ranked = rankRows(trained.labels, trained.probabilities);
  const costs = { truePositive: 10, falsePositive: 10, trueNegative: 0, falseNegative: 60 };
  return {
    kind: 'binary',
    classes: ['stays', 'leaves'],
    evaluation: evaluateBinary(trained, options),
    champion: evaluateBinary(before, options),
    scores: scoreHistogram(ranked),
    costs: costCurve(ranked, costs),
    ...changes,
  };
}

export const anImportanceReport = (first = 'contract'): ImportanceReport => ({
  metric: 'log_loss',
  importances: [
    { column: first, mean: 0.121, deviation: 0.011 },
    { column: 'tenure_months', mean: 0.082, deviation: 0.009 },
    { column: 'monthly_charges', mean: 0.041, deviation: 0.006 },
    { column: 'support_calls_in_the_last_twelve_months', mean: 0.018, deviation: 0.005 },
    { column: 'paperless', mean: -0.001, deviation: 0.002 },
  ],
});

/** What a run of churn ended with, in full. */
export const anEndedRun = (changes: Partial<Run> = {}): Run => ({
  run_id: '019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53',
  model: 'churn',
  state: 'succeeded',
  step: 'notify',
  trigger: 'request',
  seed: 1,
  user_id: 'ani',
  dataset_sha256: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  dataset_rows: 7043,
  expectations: [
    { name: 'values_within_range', column: 'tenure', passed: true, severity: 'error', detail: '7043 of 7043 rows' },
    { name: 'no_duplicates', passed: false, severity: 'warning', detail: '22 rows are alike' },
  ],
  candidates: [
    {
      name: 'logistic',
      parameters: { C: 1 },
      metrics: { log_loss: { value: 0.4155, low: 0.405, high: 0.426 } },
      chosen: false,
    },
    {
      name: 'boosting',
      parameters: { trees: 200, depth: 3 },
      metrics: { log_loss: { value: 0.4101, low: 0.4, high: 0.42 } },
      chosen: true,
    },
  ],
  parameters: { algorithm: 'boosting', trees: 200, depth: 3 },
  metrics: { roc_auc: { value: 0.8481, low: 0.832, high: 0.8642 }, log_loss: { value: 0.4101, low: 0.39, high: 0.43 } },
  champion_metrics: {
    roc_auc: { value: 0.8102, low: 0.79, high: 0.829 },
    log_loss: { value: 0.44, low: 0.42, high: 0.46 },
  },
  version: '2',
  decision: { alias: 'champion', reason: 'log_loss is lower by more than noise, and no guard is worse' },
  artefacts: [],
  created_at: '2026-11-21T01:00:00.000Z',
  finished_at: '2026-11-21T01:02:03.000Z',
  ...changes,
});

export const aRunReport = (changes: Partial<RunReport> = {}): RunReport => ({
  run: anEndedRun(),
  evaluation: aBinaryReport(),
  importance: anImportanceReport(),
  modelCard: '# churn, version 2',
  ...changes,
});
