import { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { S3Error } from './errors.ts';

export type XmlValue = string | number | boolean | XmlTree | readonly XmlValue[] | undefined;

/** Elements by name; an array repeats the element, undefined leaves it out. */
export interface XmlTree {
  readonly [element: string]: XmlValue;
}

const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

const parser = new XMLParser({
  ignoreAttributes: true,
  ignoreDeclaration: true,
  parseTagValue: false,
  // A key may begin or end with a space; what is dropped instead is the text between elements.
  trimValues: false,
  tagValueProcessor: (_name, value, _path, _hasAttributes, isLeaf) => (isLeaf ? value : ''),
  htmlEntities: true, // numeric references, e.g. &#13;, are among these
});

const builder = new XMLBuilder({
  ignoreAttributes: false,
  processEntities: false,
  tagValueProcessor: (_name, value) => escapeText(String(value)),
});

/**
 * The tree below a document's root.
 * @throws {S3Error} MalformedXML, also for another root and for a DTD, which S3 documents never have
 */
export function parseXml(text: string, root: string): XmlTree {
  if (text.includes('<!DOCTYPE')) throw new S3Error('MalformedXML');
  let document: Record<string, XmlTree | string>;
  try {
    document = parser.parse(text, true);
  } catch {
    throw new S3Error('MalformedXML');
  }
  const tree = document[root];
  if (tree === undefined) throw new S3Error('MalformedXML');
  return typeof tree === 'string' ? {} : tree;
}

/** A document; errors are the only ones of S3 without a namespace. */
export function buildXml(root: string, tree: XmlTree): string {
  const namespace = root === 'Error' ? {} : { '@_xmlns': NAMESPACE };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${builder.build({ [root]: { ...namespace, ...tree } })}`;
}

/** The text of an element, or undefined where it is absent or empty. */
export function textOf(tree: XmlTree, element: string): string | undefined {
  const value = tree[element];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** @throws {S3Error} MalformedXML where the element is missing */
export function requiredText(tree: XmlTree, element: string): string {
  const text = textOf(tree, element);
  if (text === undefined) throw new S3Error('MalformedXML');
  return text;
}

/** The element as a tree, or undefined where it is absent. An empty one is a tree without elements. */
export function childOf(tree: XmlTree, element: string): XmlTree | undefined {
  const value = tree[element];
  if (value === undefined) return undefined;
  return typeof value === 'object' && !Array.isArray(value) ? (value as XmlTree) : {};
}

/** Every element of a name, whether the document has none, one or many. */
export function childrenOf(tree: XmlTree, element: string): readonly XmlTree[] {
  return listOf(tree, element).map((value) => (typeof value === 'object' ? (value as XmlTree) : {}));
}

export function textsOf(tree: XmlTree, element: string): readonly string[] {
  return listOf(tree, element).filter((value) => typeof value === 'string');
}

function listOf(tree: XmlTree, element: string): readonly XmlValue[] {
  const value = tree[element];
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

// A carriage return must be written as a reference: a parser would otherwise make a line feed of it.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped
const SPECIAL = /[&<>"\u0000-\u0008\u000b-\u001f]/g;

const NAMED: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeText(text: string): string {
  return text.replace(SPECIAL, (character) => NAMED[character] ?? `&#${character.charCodeAt(0)};`);
}
