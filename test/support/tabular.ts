import { type TabularExplainer, type TabularManifest, tabularManifestSchema } from '@kilat/contracts';
import { openModel, type Session, type TabularClassifier } from '@kilat/core';

/** Two columns: a number of months, and a plan of which 'gold' is worth one log-odd less. */
export const aTabularManifest = (parts: Partial<TabularManifest> = {}): TabularManifest =>
  tabularManifestSchema.parse({
    name: 'leavers',
    version: '1',
    task: 'tabular-classification',
    description: 'who leaves',
    licence: 'MIT',
    source: {},
    weights: { file: 'model.onnx', sha256: '0'.repeat(64), bytes: 1 },
    signature: {
      inputs: [
        { name: 'months', datatype: 'FP32', shape: [-1, 1] },
        { name: 'plan', datatype: 'BYTES', shape: [-1, 1] },
      ],
      outputs: [
        { name: 'probabilities', datatype: 'FP32', shape: [-1] },
        { name: 'log_odds', datatype: 'FP32', shape: [-1] },
      ],
    },
    table: {
      columns: [
        { name: 'months', type: 'integer', minimum: 0, maximum: 100, nullable: true },
        { name: 'plan', type: 'categorical', categories: ['basic', 'gold'], unknown_category: 'warn' },
      ],
      target: { column: 'left', classes: ['no', 'yes'], positive_class: 'yes' },
      id_column: 'id',
    },
    postprocessing: { decision_threshold: 0.4, segments: { medium: 0.3, high: 0.7 } },
    explainer: { file: 'explainer.json', sha256: '0'.repeat(64), bytes: 1 },
    labels: ['no', 'yes'],
    ...parts,
  });

/** log-odds = 2 - months / 10 - [plan is gold], compared with rows of 20 months, half of them gold. */
export const anExplainer: TabularExplainer = {
  encoder: {
    numbers: [{ column: 'months', median: 20, mean: 20, deviation: 10 }],
    categories: [{ column: 'plan', categories: ['basic', 'gold'] }],
  },
  calibration: { method: 'none' },
  classifier: { kind: 'linear', weights: [-1, 0, -1], intercept: 0, means: [0, 0.5, 0.5] },
};

export const jsonFile = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));

/** The formula of `anExplainer`, as onnxruntime would compute it. */
export const aSession: Session = {
  async run({ months, plan }) {
    const logOdds = Float32Array.from(months!.data as Float32Array, (value, row) => {
      const known = Number.isNaN(value) ? 20 : value;
      return 2 - known / 10 - (plan!.data[row] === 'gold' ? 1 : 0);
    });
    return { log_odds: logOdds, probabilities: logOdds.map((x) => 1 / (1 + Math.exp(-x))) };
  },
};

export const aTabularClassifier = (
  manifest = aTabularManifest(),
  explainer: unknown = anExplainer,
): TabularClassifier => openModel(manifest, aSession, new Map([['explainer.json', jsonFile(explainer)]]));
