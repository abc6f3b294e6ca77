import { S3Error } from './errors.ts';
import type { Headers } from './headers.ts';
import type { ObjectVersion } from './version-store.ts';

/**
 * Holds a write to its `If-Match` and `If-None-Match`.
 * @throws {S3Error} PreconditionFailed; NoSuchKey where there is nothing to match
 */
export function assertWriteConditions(headers: Headers, latest: ObjectVersion | undefined): void {
  const current = latest?.isDeleteMarker ? undefined : latest;
  const ifMatch = headers['if-match'];
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined && ifNoneMatch !== '*') {
    throw new S3Error('NotImplemented', { members: { Header: 'If-None-Match' } });
  }
  if (ifNoneMatch && current) throw failed('If-None-Match');
  if (ifMatch && !current) throw new S3Error('NoSuchKey');
  if (ifMatch && current && !matches(ifMatch, current)) throw failed('If-Match');
}

/**
 * Holds a read to its conditions, an entity tag taking precedence over a date (RFC 9110, section 13.2.2).
 * @returns false where the reader has the object already
 * @throws {S3Error} PreconditionFailed
 */
export function isModified(headers: Headers, version: ObjectVersion): boolean {
  const { 'if-match': ifMatch, 'if-none-match': ifNoneMatch } = headers;
  const modifiedAt = Math.floor(version.modifiedAtMs / 1000); // HTTP dates know no milliseconds
  const since = epochSeconds(headers['if-modified-since']);
  const until = epochSeconds(headers['if-unmodified-since']);
  if (ifMatch && !matches(ifMatch, version)) throw failed('If-Match');
  if (!ifMatch && until !== undefined && modifiedAt > until) throw failed('If-Unmodified-Since');
  if (ifNoneMatch) return !matches(ifNoneMatch, version);
  return since === undefined || modifiedAt > since;
}

/** The conditions that a copy sets on its source. @throws {S3Error} PreconditionFailed */
export function assertCopyConditions(headers: Headers, source: ObjectVersion): void {
  const prefix = 'x-amz-copy-source-if-';
  const conditions = Object.entries(headers)
    .filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [`if-${name.slice(prefix.length)}`, value]);
  if (!isModified(Object.fromEntries(conditions), source)) throw new S3Error('PreconditionFailed');
}

function matches(condition: string, { etag }: ObjectVersion): boolean {
  return condition.split(',').some((tag) => ['*', etag, `"${etag}"`].includes(tag.trim()));
}

function epochSeconds(date: string | undefined): number | undefined {
  const ms = Date.parse(date ?? '');
  return Number.isNaN(ms) ? undefined : ms / 1000;
}

function failed(condition: string): S3Error {
  return new S3Error('PreconditionFailed', { members: { Condition: condition } });
}
