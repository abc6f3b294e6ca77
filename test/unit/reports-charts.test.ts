import { rankRows } from '@kilat/core/learning';
import { chartsOf, scoreHistogram, svgFile } from '@kilat/core/reports';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import { aBinaryReport, anImportanceReport } from '../support/run-report.ts';

const hostile = '<script>alert(1)</script>&\'"\u0000\ud800';

const charts = chartsOf(aBinaryReport(), anImportanceReport());
const files = charts.map((chart) => [chart.name, svgFile(chart)] as const);
const fileOf = (name: string): string => files.find(([of]) => of === name)![1];

interface Element {
  readonly '@': Readonly<Record<string, string>>;
  readonly [child: string]: unknown;
}

/** The element svg; every other is a list. */
const parsed = (svg: string): Element & Record<string, Element[]> => {
  const isArray = (name: string): boolean => name !== 'svg' && name !== '@';
  return new XMLParser({ ignoreAttributes: false, attributesGroupName: '@', attributeNamePrefix: '', isArray }).parse(
    svg,
  ).svg;
};

const textsIn = (svg: string): string[] => [...svg.matchAll(/<text[^>]*>([^<]*)<\/text>/g)].map(([, said]) => said!);

describe('the pictures of a model of two classes', () => {
  it('are these, in the order in which people look at them', () => {
    const names = charts.map(({ name }) => name);

    expect(names).toEqual(['roc', 'precision-recall', 'calibration', 'scores', 'cost', 'confusion', 'importance']);
  });

  it.each(files)('%s is XML with a title, a description and the role of an image', (name, svg) => {
    expect(XMLValidator.validate(svg)).toBe(true);
    const root = parsed(svg);
    expect(root['@']).toMatchObject({
      role: 'img',
      'aria-labelledby': `${name}-title ${name}-description`,
      xmlns: 'http://www.w3.org/2000/svg',
    });
    expect(root.title).toHaveLength(1);
    expect(root.desc).toHaveLength(1);
  });

  it.each(files)('%s runs nothing and fetches nothing', (_, svg) => {
    const addresses = svg.replaceAll('http://www.w3.org/2000/svg', '');

    expect(addresses).not.toMatch(/<script|javascript:|href|url\(|https?:|@import|\son\w+=/i);
  });

  it.each(files)('%s has a size, and is drawn within it', (_, svg) => {
    const root = parsed(svg);
    const [width, height] = [Number(root['@'].width), Number(root['@'].height)];
    const { x = '0', y = '0', ...rest } = root.rect!.at(-1)!['@'];

    expect(root['@'].viewBox).toBe(`0 0 ${width} ${height}`);
    expect(Number(x) + Number(rest.width)).toBeLessThanOrEqual(width);
    expect(Number(y) + Number(rest.height)).toBeLessThanOrEqual(height);
  });

  it('are the same bytes of the same data', () => {
    const again = chartsOf(aBinaryReport(), anImportanceReport()).map(svgFile);

    expect(again).toEqual(files.map(([, svg]) => svg));
  });

  it('have colours for a dark screen too', () => {
    expect(fileOf('roc')).toContain('@media (prefers-color-scheme:dark)');
  });
});

describe('the ROC curve', () => {
  it('goes from the lower left corner to the upper right one', () => {
    const path = /class="kc-line kc-new" d="([^"]*)"/.exec(fileOf('roc'))![1]!;

    expect(path).toMatch(/^M66 526L/);
    expect(path).toMatch(/L476 116$/);
  });

  it("has the champion's beside it where there is one", () => {
    const alone = chartsOf(aBinaryReport({ champion: undefined }))[0]!;

    expect(fileOf('roc')).toContain('<path class="kc-line kc-old"');
    expect(svgFile(alone)).not.toContain('<path class="kc-line kc-old"');
  });

  it('is left out where one class has no rows, and so are precision and recall', () => {
    const report = aBinaryReport();
    const evaluation = { ...report.evaluation, rocCurve: undefined, precisionRecallCurve: undefined };

    const names = chartsOf({ ...report, evaluation }).map(({ name }) => name);

    expect(names).toEqual(['calibration', 'scores', 'cost', 'confusion']);
  });
});

describe('the confusion matrix', () => {
  const report = aBinaryReport();
  const evaluation = {
    ...report.evaluation,
    confusion: [
      [30, 10],
      [1, 4],
    ],
  };

  it('tells counts, and shares of their row', () => {
    const svg = svgFile(chartsOf({ ...report, evaluation }).find(({ name }) => name === 'confusion')!);

    expect(textsIn(svg)).toEqual(expect.arrayContaining(['30', '75 %', '10', '25 %', '1', '20 %', '4', '80 %']));
    expect(svg).toContain('34 of 45 rows are called what they are.');
  });

  it('of many classes is small, and leaves figures out', () => {
    const classes = Array.from({ length: 100 }, (_, i) => `class ${i}`);
    const confusion = classes.map((_, r) => classes.map((_, c) => (r === c ? 7 : 0)));
    const metrics = { accuracy: undefined, macro_f1: undefined, weighted_f1: undefined, log_loss: undefined };

    const [chart] = chartsOf({ kind: 'classes', classes, evaluation: { rows: 700, metrics, confusion, classes: [] } });

    expect(chart!.widthPx).toBeLessThan(1100);
    expect(textsIn(svgFile(chart!))).not.toContain('7');
  });
});

describe('importance', () => {
  it('has a bar of the length of its mean, and a mark one deviation to either side', () => {
    const importances = [{ column: 'age', mean: 0.1, deviation: 0.05 }];

    const svg = svgFile(chartsOf(aBinaryReport(), { metric: 'log_loss', importances }).at(-1)!);

    // the axis goes from 0 to 0.15 over 380 px
    expect(svg).toMatch(/class="kc-fill-new" x="210" y="54" width="253.33"/);
    expect(svg).toContain('class="kc-mark" x1="336.67" y1="63" x2="590" y2="63"');
  });

  it('shows no more than twenty columns', () => {
    const importances = Array.from({ length: 30 }, (_, i) => ({ column: `c${i}`, mean: 1 - i / 30, deviation: 0 }));

    const svg = svgFile(chartsOf(aBinaryReport(), { metric: 'log_loss', importances }).at(-1)!);

    expect(textsIn(svg).filter((said) => /^c\d+$/.test(said))).toHaveLength(20);
  });
});

describe('names from elsewhere', () => {
  const classes = [hostile, `${hostile}${'x'.repeat(200)}`];
  const drawn = chartsOf(aBinaryReport({ classes }), anImportanceReport(hostile)).map(svgFile);

  it('are text, whatever they hold', () => {
    for (const svg of drawn) {
      expect(XMLValidator.validate(svg)).toBe(true);
      expect(svg).not.toContain('<script');
    }
  });

  it('keep no character that XML does not know', () => {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    for (const svg of drawn) expect(svg).not.toMatch(/[\u0000-\u0008\ud800-\udfff]/);
  });
});

describe('the histogram of scores', () => {
  it('counts each class by bins that are closed on the left, with 1 in the last', () => {
    const ranked = rankRows([0, 1, 1, 0], [0, 0.5, 1, 0.49]);

    expect(scoreHistogram(ranked, 2)).toEqual({ negatives: [2, 0], positives: [0, 2] });
  });
});
