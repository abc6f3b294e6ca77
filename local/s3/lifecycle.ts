import { randomUUID } from 'node:crypto';
import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { ObjectVersion, Tag } from './version-store.ts';
import { childOf, childrenOf, requiredText, textOf, type XmlTree } from './xml.ts';

const DAY_MS = 24 * 3600 * 1000;

export interface LifecycleRule {
  readonly id: string;
  readonly filter: LifecycleFilter;
  readonly expirationDays?: number | undefined;
  readonly expirationDateMs?: number | undefined;
  readonly expiresDeleteMarkers: boolean;
  readonly noncurrentDays?: number | undefined;
  /** How many noncurrent versions stay, however old. */
  readonly newerNoncurrentVersions: number;
  readonly abortUploadDays?: number | undefined;
}

interface LifecycleFilter {
  readonly prefix: string;
  readonly tags: readonly Tag[];
  readonly largerThanBytes: number;
  readonly smallerThanBytes: number;
}

/** The rules in force on a bucket. */
export function lifecycleRules(s3: S3Context, bucket: string): LifecycleRule[] {
  const configuration = s3.buckets.configuration(bucket, 'lifecycle') ?? {};
  return childrenOf(configuration, 'Rule')
    .filter((rule) => textOf(rule, 'Status') === 'Enabled')
    .map(readRule);
}

/** Checks a configuration, and gives an id to each rule that has none. @throws {S3Error} MalformedXML */
export function checkLifecycle(configuration: XmlTree): XmlTree {
  const rules = childrenOf(configuration, 'Rule').map((rule) => ({ ID: randomUUID(), ...rule }));
  if (rules.length === 0) throw new S3Error('MalformedXML');
  for (const rule of rules) {
    if (!['Enabled', 'Disabled'].includes(requiredText(rule, 'Status'))) throw new S3Error('MalformedXML');
    readRule(rule);
  }
  return { Rule: rules };
}

export function appliesTo({ filter }: LifecycleRule, { key, sizeBytes, tags }: ObjectVersion): boolean {
  return (
    key.startsWith(filter.prefix) &&
    sizeBytes > filter.largerThanBytes &&
    sizeBytes < filter.smallerThanBytes &&
    filter.tags.every((wanted) => tags.some(({ Key, Value }) => Key === wanted.Key && Value === wanted.Value))
  );
}

/**
 * Some days after an instant, rounded up to the next midnight UTC.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
 */
export function daysAfter(fromMs: number, days: number): number {
  return Math.ceil((fromMs + days * DAY_MS) / DAY_MS) * DAY_MS;
}

/** When a current version expires by a rule, if it ever does; in epoch milliseconds. */
export function expiresAtMs(rule: LifecycleRule, version: ObjectVersion): number | undefined {
  if (rule.expirationDays === undefined) return rule.expirationDateMs;
  return daysAfter(version.modifiedAtMs, rule.expirationDays);
}

/** Tells when an object will go: `expiry-date="…", rule-id="…"`, of the rule that takes it first. */
export function expirationHeader(s3: S3Context, version: ObjectVersion): string | undefined {
  const [first] = lifecycleRules(s3, version.bucket)
    .filter((rule) => appliesTo(rule, version))
    .map((rule) => ({ id: rule.id, atMs: expiresAtMs(rule, version) ?? Number.POSITIVE_INFINITY }))
    .sort((a, b) => a.atMs - b.atMs);
  if (!first || first.atMs === Number.POSITIVE_INFINITY) return undefined;
  return `expiry-date="${new Date(first.atMs).toUTCString()}", rule-id="${encodeURIComponent(first.id)}"`;
}

function readRule(rule: XmlTree): LifecycleRule {
  const expiration = childOf(rule, 'Expiration') ?? {};
  const noncurrent = childOf(rule, 'NoncurrentVersionExpiration') ?? {};
  const date = textOf(expiration, 'Date');
  return {
    id: textOf(rule, 'ID') ?? '',
    filter: readFilter(rule),
    expirationDays: positive(expiration, 'Days'),
    expirationDateMs: date === undefined ? undefined : Date.parse(date),
    expiresDeleteMarkers: textOf(expiration, 'ExpiredObjectDeleteMarker') === 'true',
    noncurrentDays: positive(noncurrent, 'NoncurrentDays'),
    newerNoncurrentVersions: positive(noncurrent, 'NewerNoncurrentVersions') ?? 0,
    abortUploadDays: positive(childOf(rule, 'AbortIncompleteMultipartUpload') ?? {}, 'DaysAfterInitiation'),
  };
}

/** One condition stands in `Filter` itself, several in its `And`; of old the prefix stood in the rule. */
function readFilter(rule: XmlTree): LifecycleFilter {
  const filter = childOf(rule, 'Filter') ?? {};
  const conditions = childOf(filter, 'And') ?? filter;
  return {
    prefix: textOf(conditions, 'Prefix') ?? textOf(rule, 'Prefix') ?? '',
    tags: childrenOf(conditions, 'Tag').map((tag) => ({
      Key: requiredText(tag, 'Key'),
      Value: textOf(tag, 'Value') ?? '',
    })),
    largerThanBytes: Number(textOf(conditions, 'ObjectSizeGreaterThan') ?? -1),
    smallerThanBytes: Number(textOf(conditions, 'ObjectSizeLessThan') ?? Number.POSITIVE_INFINITY),
  };
}

function positive(tree: XmlTree, element: string): number | undefined {
  const text = textOf(tree, element);
  if (text === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(text)) {
    throw new S3Error('InvalidArgument', { message: `'${element}' must be a positive integer` });
  }
  return Number(text);
}
