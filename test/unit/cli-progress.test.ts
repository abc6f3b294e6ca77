import { describe, expect, it } from 'vitest';
import { duration, paced, progressLine, progressText } from '../../cli/output/progress.ts';
import { ProgressBar } from '../../cli/output/progress-bar.ts';
import { table } from '../../cli/output/table.ts';

const half = { done: 500, total: 1000, failed: 3, ratePerSecond: 12.34, etaSeconds: 40.5 };

describe('progress', () => {
  it('is told with what failed, the rate and the time left', () => {
    expect(progressText(half)).toBe('50 %  500/1000  3 failed  12.3/s  0:41 left');
  });

  it('tells nothing that is not known', () => {
    expect(progressText({ label: 'planning', done: 0, total: 0 })).toBe('planning');
  });

  it('is not told as whole before it is', () => {
    expect(progressText({ done: 999, total: 1000 })).toBe('99 %  999/1000');
  });

  it('tells no time left of work that is done', () => {
    expect(progressText({ done: 10, total: 10, etaSeconds: 0 })).toBe('100 %  10/10');
  });

  it('has a bar as wide as the terminal lets it be', () => {
    expect(progressLine({ done: 1, total: 2 }, 80)).toBe(`[${'█'.repeat(15)}${'░'.repeat(15)}] 50 %  1/2`);
    expect(progressLine({ done: 1, total: 2 }, 23)).toBe('[█████░░░░░] 50 %  1/2');
  });

  it('has no bar where there is no room, and is never wider than the terminal', () => {
    expect(progressLine({ done: 1, total: 2 }, 17)).toBe('50 %  1/2');
    expect(progressLine(half, 20)).toHaveLength(19);
  });

  it.each([
    [0, '0:00'],
    [0.2, '0:01'],
    [59.5, '1:00'],
    [725, '12:05'],
    [3600, '1:00:00'],
    [90_061, '25:01:01'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(duration(seconds)).toBe(text);
  });

  it('foretells by the average since the start', () => {
    expect(paced(20, 100, 4000)).toEqual({ ratePerSecond: 5, etaSeconds: 16 });
  });

  it('foretells nothing before the first is done', () => {
    expect(paced(0, 100, 4000)).toEqual({});
  });
});

/** As much of a stream as a bar needs. */
function stream(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  return { written, stream: { isTTY, columns: 40, write } as unknown as NodeJS.WriteStream };
}

describe('a progress bar', () => {
  it('draws nothing where stderr is no terminal', () => {
    const { written, stream: file } = stream(false);
    const bar = new ProgressBar(file);

    bar.draw({ done: 1, total: 2 });
    bar.aside(() => {});

    expect(written).toEqual([]);
  });

  it('draws at most ten times a second', () => {
    const { written, stream: terminal } = stream(true);
    const bar = new ProgressBar(terminal);

    for (let done = 0; done < 1000; done++) bar.draw({ done, total: 1000 });

    expect(written.length).toBeLessThan(10);
  });

  it('makes way for what is printed', () => {
    const { written, stream: terminal } = stream(true);

    new ProgressBar(terminal).aside(() => void written.push('printed'));

    expect(written).toEqual(['\r\x1b[K', 'printed']);
  });
});

it('lays a table out by the widest cells, with no blanks at the ends of lines', () => {
  expect(
    table([
      ['FILE', 'LABEL'],
      ['three.jpg', '3'],
    ]),
  ).toBe('FILE       LABEL\nthree.jpg  3');
});
