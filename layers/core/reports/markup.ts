/** Markup of SVG or HTML. Only `element` makes it: what comes from elsewhere is text, and text is always escaped. */
export interface Markup {
  readonly markup: string;
}

export type Child = Markup | string | number | readonly Child[] | undefined | false;
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** HTML's elements that end where they begin; whatever else is empty has its end tag, which both languages read alike. */
const voidElements: ReadonlySet<string> = new Set(['meta']);

export function element(name: string, attributes: Attributes = {}, ...children: Child[]): Markup {
  const inTag = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? figure(value) : value!)}"`)
    .join('');
  if (voidElements.has(name)) return { markup: `<${name}${inTag}>` };
  return { markup: `<${name}${inTag}>${children.map(written).join('')}</${name}>` };
}

/** A style sheet of ours, which holds nothing from elsewhere: escaped it would be another. */
export const styleSheet = (css: string): Markup => ({ markup: `<style>${css}</style>` });

function written(child: Child): string {
  if (child === undefined || child === false) return '';
  if (typeof child === 'string' || typeof child === 'number') return escaped(String(child));
  return 'markup' in child ? child.markup : child.map(written).join('');
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Characters that no XML document may hold, escaped or not (XML 1.0, 2.2). */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;

const escaped = (text: string): string =>
  text
    .toWellFormed()
    .replace(forbidden, '\ufffd')
    .replace(/[&<>"']/g, (character) => entities[character]!);

/** A coordinate: a hundredth of a pixel is nothing that anybody sees. */
const figure = (value: number): string => String(Number(value.toFixed(2)));
