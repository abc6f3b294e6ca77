import type { ModelManifest, TabularManifest } from '@kilat/contracts';
import type { Row } from '../../learning/index.ts';
import { rowsOf } from '../dataset.ts';
import type { CandidateResult, Recipe, TrainingJob, VersionFiles } from '../recipe.ts';
import { tabularSpecs } from './candidates.ts';
import { crossValidateCandidate, type TabularJob, type TabularResult } from './cross-validation.ts';
import { evaluateTabular } from './evaluate.ts';
import { tableExpectations } from './expectations.ts';
import { finishTabular, type HashBytes } from './finish.ts';
import { canonicalRow, datasetColumns } from './table-columns.ts';

export interface TabularPorts {
  readonly sha256: HashBytes;
  /** The probabilities of the positive class, as a version answers wherever it serves: by onnxruntime. */
  readonly predict: (version: VersionFiles, rows: readonly Row[]) => Promise<ArrayLike<number>>;
}

/** How models of two classes over a table's rows are trained. */
export const tabularRecipe = ({ sha256, predict }: TabularPorts): Recipe => ({
  task: 'tabular-classification',

  columns: (manifest) => datasetColumns(tabular(manifest).table),

  readRow: (manifest, cells) => canonicalRow(tabular(manifest).table, cells),

  keyOf(manifest, row) {
    const { id_column } = tabular(manifest).table;
    const id = id_column === undefined ? null : (row[id_column] ?? null);
    return id === null ? JSON.stringify(row) : JSON.stringify(id);
  },

  async validate(job) {
    const { table, training } = tabular(job.parent.manifest);
    return tableExpectations({ table, limits: training.limits, dataset: job.dataset });
  },

  candidates: (manifest) => tabularSpecs(tabular(manifest).training),

  train: async (job, spec) => crossValidateCandidate(tabularJob(job), spec),

  finish: async (job, results) =>
    finishTabular(tabularJob(job), results as readonly CandidateResult[] as readonly TabularResult[], sha256),

  async evaluate(job, version) {
    const heldOut = rowsOf(job.dataset, 'held-out');
    const answered = async (files: VersionFiles) => ({
      manifest: tabular(files.manifest),
      probabilities: await predict(files, heldOut),
    });
    return evaluateTabular(tabularJob(job), await answered(version), await answered(job.parent));
  },
});

const tabularJob = ({ parent, ...job }: TrainingJob): TabularJob => ({ ...job, manifest: tabular(parent.manifest) });

/** @throws {TypeError} when a model of another task comes this way */
function tabular(manifest: ModelManifest): TabularManifest {
  if (manifest.task === 'tabular-classification') return manifest;
  throw new TypeError(`'${manifest.name}' is a model of ${manifest.task}; this recipe trains tabular-classification`);
}
