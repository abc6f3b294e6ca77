import { sigmoid } from '../log-odds.ts';
import { fitIsotonic, type IsotonicCalibration, isotonicAt } from './isotonic.ts';
import { fitPlatt, type PlattCalibration } from './platt.ts';

/** How log-odds become probabilities; plain data. `none` is the sigmoid alone. */
export type Calibration = { readonly method: 'none' } | PlattCalibration | IsotonicCalibration;
export type CalibrationMethod = Calibration['method'];

const fits: Record<CalibrationMethod, (logOdds: Float64Array, labels: Uint8Array) => Calibration> = {
  none: () => ({ method: 'none' }),
  platt: fitPlatt,
  isotonic: fitIsotonic,
};

/**
 * Fits a calibration to log-odds that their model did not learn from.
 * @param labels 1 for the positive class, 0 for the other
 * @throws {RangeError} when lengths differ, or there are no rows
 */
export function fitCalibration(method: CalibrationMethod, logOdds: Float64Array, labels: Uint8Array): Calibration {
  if (logOdds.length !== labels.length) throw new RangeError(`${labels.length} labels for ${logOdds.length} scores`);
  if (labels.length === 0) throw new RangeError('no rows; a calibration needs at least one');
  return fits[method](logOdds, labels);
}

/** The probability of the positive class. */
export function calibrated(calibration: Calibration, logOdds: number): number {
  switch (calibration.method) {
    case 'none':
      return sigmoid(logOdds);
    case 'platt':
      return sigmoid(calibration.slope * logOdds + calibration.intercept);
    case 'isotonic':
      return isotonicAt(calibration, logOdds);
  }
}

/** The probabilities of many rows. */
export const calibrateAll = (calibration: Calibration, logOdds: Float64Array): Float64Array =>
  logOdds.map((score) => calibrated(calibration, score));
