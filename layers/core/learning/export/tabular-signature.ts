import type { TensorSignature } from '@kilat/contracts';
import type { EncoderState } from '../table/encoder.ts';
import { frontEndInputs } from './onnx-front-end.ts';

/** What a manifest says of a file of {@link exportTabularModel}: -1 stands for the number of rows. */
export const tabularSignature = (encoder: EncoderState): { inputs: TensorSignature[]; outputs: TensorSignature[] } => ({
  inputs: frontEndInputs(encoder).map(({ name, datatype }) => ({
    name,
    datatype: datatype === 'BYTES' ? 'BYTES' : 'FP32',
    shape: [-1, 1],
  })),
  outputs: ['probabilities', 'log_odds'].map((name) => ({ name, datatype: 'FP32' as const, shape: [-1] })),
});
