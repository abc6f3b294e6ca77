import type { Candidate, Expectation, Golden, Metric, ModelManifest } from '@kilat/contracts';
import type { PairedComparison, Row } from '../learning/index.ts';
import type { EvaluationReport, ImportanceReport } from '../reports/index.ts';
import type { Dataset, DatasetColumn } from './dataset.ts';

/** A version with its files: those that its manifest names, by their names. */
export interface VersionFiles {
  readonly manifest: ModelManifest;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** A way to make a model, before anything is known of it; plain data, for it travels between steps. */
export interface CandidateSpec {
  readonly name: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Everything that one step of a run knows of what is trained. */
export interface TrainingJob {
  /** of the version from which the run starts: the tenant's champion */
  readonly parent: VersionFiles;
  readonly dataset: Dataset;
  readonly seed: number;
}

/** What training one candidate found; plain JSON, read again by `finish`. */
export interface CandidateResult<Found = unknown> {
  readonly spec: CandidateSpec;
  /** by cross-validation on training rows */
  readonly metrics: Readonly<Record<string, Metric>>;
  readonly found: Found;
}

/** A model that could be registered; its version is given by the registry. */
export interface TrainedModel extends VersionFiles {
  readonly golden: Golden;
  /** every candidate, one of them chosen */
  readonly candidates: readonly Candidate[];
  /** of the chosen one, calibration and thresholds among them */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** what the whole procedure, choice included, is worth on rows it has not seen: nested cross-validation */
  readonly estimate: Readonly<Record<string, Metric>>;
  readonly importance?: ImportanceReport;
  /** what was tried and how it did, for whoever looks closer: `training.json` of the run; plain JSON */
  readonly report: Readonly<Record<string, unknown>>;
}

/** A trained model on held-out rows, beside the champion on the very same rows. */
export interface Evaluation {
  readonly rows: number;
  readonly metrics: Readonly<Record<string, Metric>>;
  /** absent where the champion cannot answer these rows */
  readonly championMetrics?: Readonly<Record<string, Metric>>;
  /** the metric that decides */
  readonly primary: string;
  /** metrics that must not be worse by more than noise */
  readonly guards: readonly string[];
  /** by metric, of the same bootstrap samples of the same rows; empty without a champion */
  readonly comparisons: Readonly<Record<string, PairedComparison>>;
  /** what the run's pictures are drawn from */
  readonly report: EvaluationReport;
}

/**
 * How models of one task are trained: the part of a run that differs from task to task. Everything is a function of
 * its arguments: the same job gives the same bytes. What it needs of the world (onnxruntime, photos) it is made with.
 */
export interface Recipe {
  readonly task: ModelManifest['task'];

  /** The columns of the model's datasets, in their canonical order. */
  columns(manifest: ModelManifest): readonly DatasetColumn[];

  /**
   * A row of a source in the types of its columns, with nothing left out and nothing made up: what is no value of its
   * column stays as it is, so that validation tells of it.
   * @param cells text alone where the source is a CSV
   */
  readRow(manifest: ModelManifest, cells: Row): Row;

  /** What tells a row from the others: rows of one key are held out together. */
  keyOf(manifest: ModelManifest, row: Row): string;

  /** The expectations of the data, every one with its finding; a failed error ends the run. */
  validate(job: TrainingJob): Promise<Expectation[]>;

  /** Simplest first: of equals the first is chosen. */
  candidates(manifest: ModelManifest): readonly CandidateSpec[];

  /** Trains one candidate on the training rows as often as its estimate needs. */
  train(job: TrainingJob, spec: CandidateSpec): Promise<CandidateResult>;

  /** Chooses among the candidates, fits the choice to all training rows and writes the model's files. */
  finish(job: TrainingJob, results: readonly CandidateResult[]): Promise<TrainedModel>;

  /** Holds a trained model against held-out rows and against the parent on the same rows. */
  evaluate(job: TrainingJob, model: VersionFiles): Promise<Evaluation>;
}
