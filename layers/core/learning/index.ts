/**
 * Learning from tables, from rows to a served model:
 *
 * ```ts
 * const { errors } = validateRows(schema, rows);                       // schema: TableSchema of contracts
 * const data = { rows, labels: binaryLabels(schema.target, rows) };
 * const candidates = [0.1, 1, 10].map((C) => logisticCandidate(schema, { C })); // simplest first
 * const nested = nestedCrossValidate(candidates, data, { seed }); // the honest estimate
 * const evaluation = evaluateBinary({ ...data, ...nested }, { seed, resamples: 1000 });
 * const { model, calibration, outOfFold, sweep } = selectModel(candidates, data, { seed }); // the one to serve
 * const probabilities = calibrateAll(calibration, outOfFold);
 * const { threshold } = costThreshold(rankRows(data.labels, probabilities), costs)!;
 * const file = exportTabularModel({ name: 'churn', ...model, calibration });
 * const rival = compareBinary({ labels, champion, challenger, metric: 'log_loss' }, { seed, resamples: 1000 });
 * ```
 */
export * from './calibration/index.ts';
export * from './decision/index.ts';
export * from './explanation/index.ts';
export * from './export/index.ts';
export * from './linear/index.ts';
export * from './log-odds.ts';
export * from './matrix.ts';
export * from './metrics/index.ts';
export * from './random.ts';
export * from './selection/index.ts';
export * from './table/index.ts';
export * from './trees/index.ts';
