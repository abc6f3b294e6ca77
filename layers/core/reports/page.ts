import { CHART_STYLE } from './chart-style.ts';
import { type Child, element, type Markup, styleSheet } from './markup.ts';
import { PAGE_STYLE } from './page-style.ts';

/** Nothing is fetched, run or sent, wherever the file is opened; its own style sheet is all that applies. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A page in one file, whole without a network. */
export function page(title: string, ...content: Child[]): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: POLICY }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'referrer', content: 'no-referrer' }),
    element('title', {}, title),
    styleSheet(`${PAGE_STYLE}${CHART_STYLE}`),
  );
  const body = element('body', {}, element('main', {}, content));
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, body).markup}\n`;
}

export const section = (heading: string, ...content: Child[]): Markup =>
  element('section', {}, element('h2', {}, heading), content);

export const card = (...content: Child[]): Markup => element('div', { class: 'card' }, content);

/** @param rows their first cell heads them */
export function dataTable(headings: readonly string[], rows: readonly (readonly Child[])[]): Markup {
  const head = element(
    'tr',
    {},
    headings.map((heading) => element('th', { scope: 'col' }, heading)),
  );
  const body = rows.map(([first, ...rest]) =>
    element(
      'tr',
      {},
      element('th', { scope: 'row' }, first),
      rest.map((cell) => element('td', { class: 'number' }, cell)),
    ),
  );
  return element(
    'div',
    { class: 'card scroll' },
    element('table', {}, element('thead', {}, head), element('tbody', {}, body)),
  );
}

/** Facts with their names; those that are not known are left out. */
export function factTable(facts: readonly (readonly [string, Child])[]): Markup {
  const rows = facts
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value)));
  return element('div', { class: 'card scroll' }, element('table', {}, element('tbody', {}, rows)));
}

export const code = (value: string): Markup => element('code', {}, value);
