import type { Run } from '@kilat/contracts';
import { svgFile } from './chart.ts';
import { chartsOf, type EvaluationReport, type ImportanceReport } from './evaluation-charts.ts';
import { runPage } from './run-page.ts';
import { validationPage } from './validation-page.ts';

/** What is known of a run; one that ended early has less. */
export interface RunReport {
  readonly run: Run;
  readonly evaluation?: EvaluationReport | undefined;
  readonly importance?: ImportanceReport | undefined;
  /** Markdown, of the version that was registered */
  readonly modelCard?: string | undefined;
}

export interface ReportFile {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
}

/** Draws an SVG as a PNG. */
export type Rasterize = (svg: string) => Promise<Uint8Array>;

/**
 * Every file that tells people of a run, by the name under which `GET /v1/runs/{run_id}/artefacts/{name}` finds it: each
 * picture as SVG and PNG, `validation.html` once there are expectations, and `report.html`. The same run gives the same
 * bytes.
 */
export async function reportFiles(report: RunReport, rasterize: Rasterize): Promise<Map<string, ReportFile>> {
  const { run, evaluation, importance, modelCard } = report;
  const charts = evaluation ? chartsOf(evaluation, importance) : [];
  const files = new Map<string, ReportFile>();
  for (const chart of charts) {
    const svg = svgFile(chart);
    files.set(`${chart.name}.svg`, { bytes: encoded(svg), mediaType: 'image/svg+xml' });
    files.set(`${chart.name}.png`, { bytes: await rasterize(svg), mediaType: 'image/png' });
  }
  if (run.expectations) files.set('validation.html', htmlFile(validationPage(run)));
  files.set('report.html', htmlFile(runPage({ run, charts, modelCard })));
  return files;
}

const htmlFile = (html: string): ReportFile => ({ bytes: encoded(html), mediaType: 'text/html; charset=utf-8' });

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);
