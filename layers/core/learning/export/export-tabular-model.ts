import { encodeModel } from '../../onnx/index.ts';
import type { Calibration } from '../calibration/calibration.ts';
import type { EncoderState } from '../table/encoder.ts';
import { onnxCalibration } from './onnx-calibration.ts';
import { onnxClassifier, type TabularClassifier } from './onnx-classifier.ts';
import { frontEndInputs, onnxFrontEnd } from './onnx-front-end.ts';
import { castNode } from './onnx-part.ts';

export interface TabularModelParts {
  /** of the graph */
  readonly name: string;
  readonly encoder: EncoderState;
  readonly classifier: TabularClassifier;
  readonly calibration: Calibration;
  /** told in the file's metadata */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A model of two classes as one ONNX file, from the table's columns to probabilities. Its inputs are those of
 * {@link frontEndInputs}; its outputs, FP32 [N] both, are `probabilities` of the positive class, calibrated, and
 * `log_odds`, not calibrated. The same parts give the same bytes.
 * @throws {InvalidOnnxGraphError} when a column is named like one of the outputs
 */
export function exportTabularModel(parts: TabularModelParts): Uint8Array {
  const { name, encoder, classifier, calibration, metadata = {} } = parts;
  const stretches = [
    onnxFrontEnd(encoder, '/features'),
    onnxClassifier(classifier, '/features', '/log_odds'),
    onnxCalibration(calibration, '/log_odds', '/probabilities'),
  ];
  return encodeModel({
    name,
    inputs: frontEndInputs(encoder),
    outputs: [
      { name: 'probabilities', datatype: 'FP32', shape: ['N'] },
      { name: 'log_odds', datatype: 'FP32', shape: ['N'] },
    ],
    nodes: [
      ...stretches.flatMap(({ nodes }) => nodes),
      castNode('/probabilities', 'probabilities', 'FP32'),
      castNode('/log_odds', 'log_odds', 'FP32'),
    ],
    initializers: stretches.flatMap(({ initializers }) => initializers),
    metadata,
  });
}
