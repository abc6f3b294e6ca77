import type { Golden, Instance, TabularManifest } from '@kilat/contracts';
import {
  binaryLabels,
  binaryMetrics,
  type Calibration,
  calibrateAll,
  chooseCalibration,
  costThreshold,
  evaluateBinary,
  exportTabularModel,
  f1Threshold,
  permutationImportance,
  type Row,
  rankProbabilities,
  segmentCuts,
  sweepReport,
  tabularExplainer,
  tabularSignature,
} from '../../learning/index.ts';
import { rowsOf } from '../dataset.ts';
import { metricsOf } from '../metrics.ts';
import type { TrainedModel } from '../recipe.ts';
import { candidateOf, type FittedTable } from './candidates.ts';
import { costMatrix } from './costs.ts';
import {
  measured,
  nestedEstimate,
  SELECTION_METRIC,
  type TabularJob,
  type TabularResult,
  trainingRows,
} from './cross-validation.ts';
import { referenceOf } from './reference.ts';

export const WEIGHTS_FILE = 'model.onnx';
export const EXPLAINER_FILE = 'explainer.json';

/** @returns 64 hexadecimal digits */
export type HashBytes = (bytes: Uint8Array) => string;

const RESAMPLES = 1000;
const GOLDEN_ROWS = 8;

/** Chooses a candidate, its calibration and its thresholds by training rows alone, and makes the model's files. */
export function finishTabular(job: TabularJob, results: readonly TabularResult[], sha256: HashBytes): TrainedModel {
  const { manifest, seed } = job;
  const data = trainingRows(job);
  const sweep = sweepReport(
    measured(results, ({ training }) => training),
    SELECTION_METRIC,
  );
  const { spec, found } = results[sweep.chosen]!;
  const outOfFold = Float64Array.from(found.training.outOfFold);
  const { calibration, trials } = chooseCalibration(outOfFold, data.labels, { seed });
  const postprocessing = thresholdsOf(manifest, data.labels, calibrateAll(calibration, outOfFold));
  const model = candidateOf(manifest.table, spec, seed).fit(data);
  const nested = nestedEstimate(job, results);
  const threshold = postprocessing.decision_threshold;
  const estimate = evaluateBinary(nested, { seed, resamples: RESAMPLES, threshold });
  const files = filesOf(manifest, data.rows, { model, calibration });
  return {
    manifest: manifestOf(job, { model, calibration, files, postprocessing, sha256 }),
    files,
    golden: goldenOf(job, model, calibration),
    candidates: results.map(({ spec: { name, parameters }, metrics }, index) => ({
      name,
      parameters,
      metrics,
      chosen: index === sweep.chosen,
    })),
    parameters: { candidate: spec.name, ...spec.parameters, calibration: calibration.method, ...postprocessing, seed },
    estimate: metricsOf(estimate.metrics),
    importance: { metric: SELECTION_METRIC, importances: importanceOf(job, model, calibration) },
    report: { sweep, calibrations: trials, nested: nested.folds },
  };
}

type Postprocessing = TabularManifest['postprocessing'];

function thresholdsOf({ training }: TabularManifest, labels: Uint8Array, probabilities: Float64Array): Postprocessing {
  const ranked = rankProbabilities({ labels, probabilities });
  const { costs, segment_shares } = training;
  const best = costs ? costThreshold(ranked, costMatrix(costs)) : f1Threshold(ranked);
  return { decision_threshold: best!.threshold, segments: segmentCuts(probabilities, segment_shares) };
}

interface Fitted {
  readonly model: FittedTable;
  readonly calibration: Calibration;
}

function filesOf(manifest: TabularManifest, training: readonly Row[], { model, calibration }: Fitted) {
  const { encoder, classifier } = model;
  const onnx = exportTabularModel({ name: manifest.name, encoder, classifier, calibration });
  const explainer = tabularExplainer({ encoder, classifier, calibration }, training);
  return { [WEIGHTS_FILE]: onnx, [EXPLAINER_FILE]: new TextEncoder().encode(JSON.stringify(explainer)) };
}

interface ManifestParts extends Fitted {
  readonly files: Readonly<Record<string, Uint8Array>>;
  readonly postprocessing: Postprocessing;
  readonly sha256: HashBytes;
}

function manifestOf(
  job: TabularJob,
  { model, calibration, files, postprocessing, sha256 }: ManifestParts,
): TabularManifest {
  const { manifest, dataset } = job;
  const heldOut = rowsOf(dataset, 'held-out');
  const described = (file: string) => ({ file, sha256: sha256(files[file]!), bytes: files[file]!.length });
  const { target } = manifest.table;
  const negative = target.classes.find((name) => name !== target.positive_class)!;
  return {
    ...manifest,
    weights: { ...described(WEIGHTS_FILE), urls: [] },
    explainer: described(EXPLAINER_FILE),
    signature: tabularSignature(model.encoder),
    postprocessing,
    reference: {
      ...referenceOf({
        columns: manifest.table.columns,
        training: rowsOf(dataset, 'training'),
        probabilities: calibrateAll(calibration, model.logOdds(heldOut)),
        threshold: postprocessing.decision_threshold,
        labels: [negative, target.positive_class],
      }),
    },
  };
}

/** Held-out rows, spread over all of them, with what the trainer says of them: whoever serves the file says the same. */
function goldenOf({ manifest, dataset }: TabularJob, model: FittedTable, calibration: Calibration): Golden {
  const heldOut = rowsOf(dataset, 'held-out');
  const step = Math.max(1, Math.floor(heldOut.length / GOLDEN_ROWS));
  const rows = heldOut.filter((_, index) => index % step === 0).slice(0, GOLDEN_ROWS);
  const probabilities = calibrateAll(calibration, model.logOdds(rows));
  const features = manifest.table.columns.map(({ name }) => name);
  return {
    tolerance: 0.02,
    cases: [],
    tensor_tolerance: 1e-4,
    tensor_cases: [],
    instance_tolerance: 1e-5,
    instance_cases: rows.map((row, index) => ({
      instance: Object.fromEntries(features.map((name) => [name, row[name] ?? null])) as Instance,
      probability: probabilities[index]!,
    })),
  };
}

/** On held-out rows, by how much log loss rises: what the model leans on, for whoever reads the report. */
function importanceOf({ manifest, dataset, seed }: TabularJob, model: FittedTable, calibration: Calibration) {
  const { table } = manifest;
  const rows = rowsOf(dataset, 'held-out');
  const labels = binaryLabels(table.target, rows);
  const score = (permuted: readonly Row[]): number => {
    const probabilities = calibrateAll(calibration, model.logOdds(permuted));
    return binaryMetrics[SELECTION_METRIC].over(rankProbabilities({ labels, probabilities }))()!;
  };
  const columns = table.columns.map(({ name }) => name);
  return permutationImportance({ rows, columns, score, better: 'lower' }, { repeats: 3, seed });
}
