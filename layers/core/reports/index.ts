export { type Chart, inlineSvg, svgFile } from './chart.ts';
export * from './compare-metrics.ts';
export * from './evaluation-charts.ts';
export { metricNumber, shortNumber } from './number-format.ts';
export * from './report-files.ts';
export { type ScoreHistogram, scoreHistogram } from './score-chart.ts';
