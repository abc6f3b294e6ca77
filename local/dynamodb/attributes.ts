/** An attribute as it goes over the wire: `{ S: 'text' }`. */
export type Attribute = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, Attribute>>;

/** The given attributes of an item, in the given order, so that equal keys have equal JSON. */
export function pick(item: Item, names: readonly string[]): Item {
  return Object.fromEntries(names.map((name) => [name, item[name] ?? {}]));
}
