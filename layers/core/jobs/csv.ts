/** A field is quoted or holds no quote (RFC 4180); a line break within quotes is not read. */
const CSV_FIELD = /,(?:"((?:[^"]|"")*)"|([^",]*))/y;

/** The fields of a line. @returns undefined for a line with a stray quote */
export function csvFields(line: string): string[] | undefined {
  const text = `,${line}`;
  const fields: string[] = [];
  CSV_FIELD.lastIndex = 0;
  while (CSV_FIELD.lastIndex < text.length) {
    const match = CSV_FIELD.exec(text);
    if (!match) return undefined;
    fields.push(match[1]?.replaceAll('""', '"') ?? match[2]!);
  }
  return fields;
}
