import type { Expectation, Run } from '@kilat/contracts';
import { type Child, element, type Markup } from './markup.ts';
import { card, code, dataTable, page, section } from './page.ts';

export type ValidatedRun = Pick<Run, 'run_id' | 'model' | 'expectations' | 'dataset_sha256' | 'dataset_rows'>;

/** `validation.html`: every expectation of the data, those that failed first. */
export function validationPage(run: ValidatedRun): string {
  const expectations = (run.expectations ?? []).toSorted((a, b) => rank(a) - rank(b));
  const title = `Validation of ${run.model}'s data`;
  return page(
    title,
    element('h1', {}, title),
    element('p', { class: 'quiet' }, 'run ', code(run.run_id), datasetOf(run)),
    card(verdictOf(expectations)),
    section('Expectations', expectationTable(expectations)),
  );
}

const datasetOf = ({ dataset_sha256, dataset_rows }: ValidatedRun): Child =>
  dataset_sha256 !== undefined && [`, ${dataset_rows ?? '?'} rows of dataset `, code(dataset_sha256)];

/** Failed errors, then failed warnings, then what passed. */
const rank = ({ passed, severity }: Expectation): number => (passed ? 2 : severity === 'error' ? 0 : 1);

export function verdictOf(expectations: readonly Expectation[]): Markup {
  const failed = (severity: Expectation['severity']): number =>
    expectations.filter((expectation) => !expectation.passed && expectation.severity === severity).length;
  const [errors, warnings] = [failed('error'), failed('warning')];
  const passed = expectations.length - errors - warnings;
  const told = `${passed} of ${expectations.length} expectations passed, ${errors} failed, ${warnings} warned`;
  if (errors > 0) return element('p', { class: 'bad' }, `✗ ${told}: the data were refused, and nothing was trained`);
  return element('p', { class: warnings > 0 ? 'warn' : 'good' }, `✓ ${told}`);
}

const expectationTable = (expectations: readonly Expectation[]): Markup =>
  dataTable(
    ['expectation', 'column', 'outcome', 'detail'],
    expectations.map((expectation) => [
      expectation.name,
      expectation.column,
      outcomeOf(expectation),
      element('span', { class: 'detail' }, expectation.detail),
    ]),
  );

function outcomeOf({ passed, severity }: Expectation): Markup {
  if (passed) return element('span', { class: 'good' }, '✓ passed');
  return severity === 'error'
    ? element('span', { class: 'bad' }, '✗ failed')
    : element('span', { class: 'warn' }, '! warning');
}
