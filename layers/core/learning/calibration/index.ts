export * from './calibration.ts';
export * from './choose-calibration.ts';
export type { IsotonicCalibration } from './isotonic.ts';
export type { PlattCalibration } from './platt.ts';
