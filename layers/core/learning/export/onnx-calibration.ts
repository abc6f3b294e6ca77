import type { Calibration } from '../calibration/calibration.ts';
import type { IsotonicCalibration } from '../calibration/isotonic.ts';
import type { PlattCalibration } from '../calibration/platt.ts';
import { castNode, doubles, integers, node, type OnnxPart } from './onnx-part.ts';

/**
 * A calibration as nodes, in FP64: an isotonic curve may be so steep that float32 would show.
 * @param input log-odds, FP64 [N]
 * @param output probabilities, FP64 [N]
 */
export function onnxCalibration(calibration: Calibration, input: string, output: string): OnnxPart {
  switch (calibration.method) {
    case 'none':
      return { nodes: [node('Sigmoid', [input], output)], initializers: [] };
    case 'platt':
      return plattPart(calibration, input, output);
    case 'isotonic':
      return isotonicPart(calibration, input, output);
  }
}

const plattPart = ({ slope, intercept }: PlattCalibration, input: string, output: string): OnnxPart => ({
  nodes: [
    node('Mul', [input, '/platt/slope'], '/platt/scaled'),
    node('Add', ['/platt/scaled', '/platt/intercept'], '/platt/log_odds'),
    node('Sigmoid', ['/platt/log_odds'], output),
  ],
  initializers: [doubles('/platt/slope', [slope], []), doubles('/platt/intercept', [intercept], [])],
});

/** Counts the thresholds up to a score, and goes on from the last of them along the slope to the next. */
function isotonicPart({ thresholds, values }: IsotonicCalibration, input: string, output: string): OnnxPart {
  const slopes = thresholds.map((threshold, i) =>
    i + 1 < thresholds.length ? (values[i + 1]! - values[i]!) / (thresholds[i + 1]! - threshold) : 0,
  );
  const nodes = [
    node('Clip', [input, '/isotonic/first', '/isotonic/last'], '/isotonic/clipped'),
    node('Unsqueeze', ['/isotonic/clipped', '/isotonic/axis'], '/isotonic/column'),
    node('GreaterOrEqual', ['/isotonic/column', '/isotonic/thresholds'], '/isotonic/reached'),
    castNode('/isotonic/reached', '/isotonic/ones', 'INT64'),
    node('ReduceSum', ['/isotonic/ones', '/isotonic/axis'], '/isotonic/count', { keepdims: { int: 0 } }),
    node('Sub', ['/isotonic/count', '/isotonic/one'], '/isotonic/index'),
    node('Gather', ['/isotonic/thresholds', '/isotonic/index'], '/isotonic/threshold'),
    node('Gather', ['/isotonic/values', '/isotonic/index'], '/isotonic/value'),
    node('Gather', ['/isotonic/slopes', '/isotonic/index'], '/isotonic/slope'),
    node('Sub', ['/isotonic/clipped', '/isotonic/threshold'], '/isotonic/distance'),
    node('Mul', ['/isotonic/distance', '/isotonic/slope'], '/isotonic/rise'),
    node('Add', ['/isotonic/value', '/isotonic/rise'], output),
  ];
  return {
    nodes,
    initializers: [
      doubles('/isotonic/thresholds', thresholds, [thresholds.length]),
      doubles('/isotonic/values', values, [values.length]),
      doubles('/isotonic/slopes', slopes, [slopes.length]),
      doubles('/isotonic/first', thresholds.slice(0, 1), []),
      doubles('/isotonic/last', thresholds.slice(-1), []),
      integers('/isotonic/axis', [1]),
      integers('/isotonic/one', [1]),
    ],
  };
}
