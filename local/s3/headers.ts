/** The headers of a request, names in lower case. */
export type Headers = Readonly<Record<string, string>>;

/** The headers of an answer; undefined leaves one out. */
export type ResponseHeaders = Readonly<Record<string, string | undefined>>;

/** A value as a header can carry it: what is not printable ASCII becomes an encoded word (RFC 2047), as in S3. */
export function headerText(value: string): string {
  return /^[\x20-\x7e\t]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString('base64')}?=`;
}
