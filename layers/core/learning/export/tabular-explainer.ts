import { type TabularExplainer, tabularExplainerSchema } from '@kilat/contracts';
import { columnMeans } from '../explanation/linear-shap.ts';
import { encode } from '../table/encoder.ts';
import type { Row } from '../table/row.ts';
import { ensembleFromJson, ensembleToJson } from '../trees/ensemble-json.ts';
import type { TabularModelParts } from './export-tabular-model.ts';

type Parts = Pick<TabularModelParts, 'encoder' | 'classifier' | 'calibration'>;

/**
 * The parts of a model as the data that lies beside its ONNX file.
 * @param rows that it was trained on: a linear model is explained by comparison with their mean
 * @throws {z.ZodError} when the classifier's scores are no log-odds, as a forest's are not
 */
export const tabularExplainer = ({ encoder, classifier, calibration }: Parts, rows: readonly Row[]): TabularExplainer =>
  tabularExplainerSchema.parse({
    encoder,
    calibration,
    classifier:
      'trees' in classifier
        ? { kind: 'trees', ...ensembleToJson(classifier) }
        : { kind: 'linear', ...classifier, means: [...columnMeans(encode(encoder, rows))] },
  });

/** What {@link tabularExplainer} wrote: exported again, it gives the same ONNX file. @throws {RangeError} when a tree is none */
export const partsOfExplainer = ({ encoder, classifier, calibration }: TabularExplainer): Parts => ({
  encoder,
  calibration,
  classifier: classifier.kind === 'trees' ? ensembleFromJson(classifier) : classifier,
});
