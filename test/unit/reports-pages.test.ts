import { compareMetrics, reportFiles } from '@kilat/core/reports';
import { describe, expect, it } from 'vitest';
import { anEndedRun, anImportanceReport, aRunReport } from '../support/run-report.ts';

const hostile = '<script>alert(1)</script><img src=x onerror=alert(2)>';
const noPicture = async () => new Uint8Array();

async function textsOf(report = aRunReport()): Promise<Record<string, string>> {
  const files = await reportFiles(report, noPicture);
  return Object.fromEntries([...files].map(([name, { bytes }]) => [name, new TextDecoder().decode(bytes)]));
}

describe('the files of a run', () => {
  it('are pictures as SVG and PNG, and two pages', async () => {
    const files = await reportFiles(aRunReport(), noPicture);

    const types = [...files].map(([name, { mediaType }]) => [name.split('.').at(-1), mediaType]);
    expect(files.size).toBe(16);
    expect(new Set(types.map(String))).toEqual(
      new Set(['svg,image/svg+xml', 'png,image/png', 'html,text/html; charset=utf-8']),
    );
    expect([...files.keys()]).toEqual(expect.arrayContaining(['roc.png', 'validation.html', 'report.html']));
  });

  it('of a run whose data were refused are two pages', async () => {
    const files = await reportFiles({ run: anEndedRun({ state: 'rejected' }) }, noPicture);

    expect([...files.keys()]).toEqual(['validation.html', 'report.html']);
  });

  it('have names that the API takes', async () => {
    const { artefactPathSchema } = await import('@kilat/contracts');

    for (const name of (await reportFiles(aRunReport(), noPicture)).keys()) {
      expect(artefactPathSchema.shape.name.safeParse(name).success).toBe(true);
    }
  });
});

describe('a page', () => {
  it.each(['validation.html', 'report.html'])('%s allows nothing but its own style sheet', async (name) => {
    const html = (await textsOf())[name]!;

    expect(html).toContain(
      'http-equiv="Content-Security-Policy" content="default-src &#39;none&#39;; style-src &#39;unsafe-inline&#39;; ' +
        'base-uri &#39;none&#39;; form-action &#39;none&#39;"',
    );
    expect(html).not.toMatch(/<script|<link|<img|<iframe|\ssrc=|\shref=|url\(|@import/);
  });

  it.each(['validation.html', 'report.html'])('%s shows hostile names as text', async (name) => {
    const run = anEndedRun({
      model: hostile,
      user_id: hostile,
      expectations: [{ name: hostile, column: hostile, passed: false, severity: 'error', detail: hostile }],
      candidates: [{ name: hostile, parameters: { [hostile]: hostile }, metrics: {}, chosen: true }],
      parameters: { [hostile]: hostile },
      metrics: { [hostile]: { value: 1 } },
      decision: { alias: 'none', reason: hostile },
      problem: { code: hostile, detail: hostile },
    });

    const report = aRunReport({ run, modelCard: hostile, importance: anImportanceReport(hostile) });
    const html = (await textsOf(report))[name]!;

    expect(html).not.toMatch(/<script|<img/);
    expect(html).toContain('&lt;script&gt;alert(1)');
  });
});

describe('validation.html', () => {
  it('tells every expectation, those that failed first', async () => {
    const { 'validation.html': html } = await textsOf();

    const rows = [...html!.matchAll(/<tr><th scope="row">([^<]*)</g)].map(([, name]) => name);
    expect(rows).toEqual(['no_duplicates', 'values_within_range']);
    expect(html).toContain('22 rows are alike');
    expect(html).toContain('1 of 2 expectations passed, 0 failed, 1 warned');
  });
});

describe('report.html', () => {
  it('tells what was decided, and why', async () => {
    const { 'report.html': html } = await textsOf();

    expect(html).toContain('it became champion: log_loss is lower by more than noise, and no guard is worse');
  });

  it('sets each metric beside the champion’s, with intervals and whether they overlap', async () => {
    const { 'report.html': html } = await textsOf();

    const row = /<tr><th scope="row">roc_auc<\/th>(.*?)<\/tr>/.exec(html!)![1]!.replace(/<[^>]*>/g, '|');
    expect(row).toContain('0.8481');
    expect(row).toContain('(0.8320 to 0.8642)');
    expect(row).toContain('0.8102');
    expect(row).toContain('+0.0379');
    expect(row).toContain('are apart');
  });

  it('holds every picture, each name once', async () => {
    const { 'report.html': html } = await textsOf();

    const ids = [...html!.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(html!.match(/<svg /g)).toHaveLength(7);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe('metrics side by side', () => {
  it.each([
    ['share a value', { low: 1, high: 3 }, { low: 3, high: 4 }, true],
    ['are apart', { low: 1, high: 2 }, { low: 3, high: 4 }, false],
    ['are apart the other way', { low: 5, high: 6 }, { low: 3, high: 4 }, false],
    ['are not both there', {}, { low: 3, high: 4 }, undefined],
  ])('have intervals that %s', (_, first, second, overlap) => {
    const [compared] = compareMetrics({ f1: { value: 2, ...first } }, { f1: { value: 3.5, ...second } });

    expect(compared).toMatchObject({ difference: 1.5, overlap });
  });

  it('are those of either', () => {
    const compared = compareMetrics({ f1: { value: 1 } }, { recall: { value: 1 } });

    expect(compared.map(({ name, difference }) => [name, difference])).toEqual([
      ['f1', undefined],
      ['recall', undefined],
    ]);
  });
});
