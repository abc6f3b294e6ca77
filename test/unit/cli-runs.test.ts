import type { Run } from '@kilat/contracts';
import { describe, expect, it } from 'vitest';
import { compareRuns } from '../../cli/runs/compare.ts';
import { asText as comparison } from '../../cli/runs/compare-command.ts';
import { RunLog } from '../../cli/runs/run-log.ts';
import { asText } from '../../cli/runs/show.ts';
import { aRun } from '../support/run.ts';
import { anEndedRun } from '../support/run-report.ts';

const running = (step: NonNullable<Run['step']>, changes: Partial<Run> = {}): Run =>
  aRun(1, { state: 'running', step, ...changes });

describe('the log of a run', () => {
  it('tells each step once, when it is left behind, with how long it took', () => {
    const log = new RunLog(0);
    const data = { dataset_rows: 7043, dataset_sha256: '9f86d081884c7d659a2f' };

    const lines = [
      log.lines(aRun(1), 0),
      log.lines(running('snapshot'), 1000),
      log.lines(running('snapshot', data), 2000),
      log.lines(running('validate', data), 4000),
      log.lines(running('validate', data), 5000),
    ];

    expect(lines).toEqual([[], [], [], ['✓ snapshot  0:03   7043 rows, dataset 9f86d081884c'], []]);
  });

  it('tells what was passed between two looks, without a duration that nobody saw', () => {
    const log = new RunLog(0);
    log.lines(running('snapshot'), 0);

    const lines = log.lines(running('train', { expectations: anEndedRun().expectations }), 9000);

    expect(lines).toEqual(['✓ snapshot  0:09', '✓ validate         1 of 2 expectations passed']);
  });

  it('that begins late tells the steps before', () => {
    const lines = new RunLog(0).lines(running('validate', { dataset_rows: 3, dataset_sha256: 'abc' }), 0);

    expect(lines).toEqual(['✓ snapshot         3 rows, dataset abc']);
  });

  it('of a whole run tells every step, candidates and metrics beside the champion’s', () => {
    const lines = new RunLog(0).lines(anEndedRun({ artefacts: ['roc.svg', 'roc.png'] }), 0);

    expect(lines.filter((line) => line.startsWith('✓')).map((line) => line.split(/\s+/)[1])).toEqual([
      ...['snapshot', 'validate', 'train', 'evaluate', 'register', 'promote', 'notify'],
    ]);
    expect(lines.join('\n')).toMatch(/\* +boosting +log_loss +0\.4101 \(0\.4000 to 0\.4200\)/);
    expect(lines.join('\n')).toMatch(/roc_auc +0\.8481 \(0\.8320 to 0\.8642\) +champion 0\.8102/);
    expect(lines.at(-1)).toBe('✓ notify           2 artefacts');
  });

  it('of refused data names the expectations that failed, and not the warnings', () => {
    const log = new RunLog(0);
    log.lines(running('validate'), 0);
    const expectations = [
      { name: 'no_leak', column: 'refund', passed: false, severity: 'error', detail: 'AUC 1 by itself' },
      { name: 'no_duplicates', passed: false, severity: 'warning', detail: '22 rows are alike' },
    ] as const;

    const lines = log.lines(aRun(1, { state: 'rejected', step: 'notify', expectations: [...expectations] }), 1000);

    expect(lines).toEqual(['✗ validate         rejected', '                   no_leak of refund: AUC 1 by itself']);
  });

  it('of a failure tells the problem at its step', () => {
    const log = new RunLog(0);
    log.lines(running('train'), 0);

    const problem = { code: 'internal-error', detail: 'the function ran out of memory' };
    const lines = log.lines(aRun(1, { state: 'failed', step: 'train', problem }), 1000);

    expect(lines).toEqual(['✗ train            the function ran out of memory (internal-error)']);
  });

  it('says what is under way, and for how long', () => {
    const log = new RunLog(0);
    log.lines(running('snapshot'), 0);
    log.lines(running('validate'), 1000);

    expect(log.current(running('validate'), 6000)).toBe('  validate  0:05');
    expect(log.current(aRun(1), 0)).toBe('  queued');
  });
});

describe('two runs side by side', () => {
  const first = anEndedRun();
  const second = anEndedRun({
    run_id: '019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a54',
    parameters: { algorithm: 'boosting', trees: 300, rate: 0.1 },
    metrics: { roc_auc: { value: 0.8501, low: 0.835, high: 0.866 } },
  });

  it('show every parameter of either, and which differ', () => {
    expect(compareRuns(first, second).parameters).toEqual([
      { name: 'algorithm', first: '"boosting"', second: '"boosting"', same: true },
      { name: 'depth', first: '3', second: undefined, same: false },
      { name: 'rate', first: undefined, second: '0.1', same: false },
      { name: 'trees', first: '200', second: '300', same: false },
    ]);
  });

  it('show metrics with their intervals, and whether those overlap', () => {
    const text = comparison(compareRuns(first, second), first, second);

    expect(text).toMatch(/roc_auc +0\.8481 \(0\.8320 to 0\.8642\) +0\.8501 \(0\.8350 to 0\.8660\) +\+0\.0020 +overlap/);
    expect(text).toMatch(/log_loss +0\.4101 \(0\.3900 to 0\.4300\) +– +– +–/);
  });

  it('say whether they were held against the same data', () => {
    const other = anEndedRun({ dataset_sha256: 'a'.repeat(64) });

    expect(comparison(compareRuns(first, second), first, second)).toContain('the same data');
    expect(comparison(compareRuns(first, other), first, other)).toContain('other data');
  });
});

describe('a run as it is shown', () => {
  it('tells facts, candidates, metrics and what did not pass', () => {
    const text = asText(anEndedRun());

    expect(text).toMatch(/took +2:03/);
    expect(text).toMatch(/became +champion: log_loss is lower by more than noise, and no guard is worse/);
    expect(text).toMatch(/boosting +chosen +0\.4101/);
    expect(text).toMatch(/no_duplicates +warning +22 rows are alike/);
    expect(text).not.toContain('values_within_range');
  });

  it('that has just begun tells what is known', () => {
    expect(asText(aRun(1))).toMatch(
      /^run +01920000\S+\nmodel +churn\nstate +queued\nstarted by +request, ada\nseed +1$/,
    );
  });
});
