import type { S3Context } from './context.ts';
import { appliesTo, daysAfter, expiresAtMs, type LifecycleRule, lifecycleRules } from './lifecycle.ts';
import { abortUpload } from './multipart.ts';
import type { ObjectVersion } from './version-store.ts';
import { deleteLatest, removeVersion } from './versioning.ts';

/** Removes what the lifecycle rules of the buckets say is due. */
export function sweep(s3: S3Context): void {
  for (const { name } of s3.buckets.all()) {
    const rules = lifecycleRules(s3, name);
    if (rules.length > 0) sweepBucket(s3, name, rules);
  }
}

/** Sweeps now and again and again. @returns what ends it */
export function sweepEvery(intervalMs: number, s3: S3Context, onFault: (error: unknown) => void): () => void {
  const sweepOrTell = () => {
    try {
      sweep(s3);
    } catch (error) {
      onFault(error); // thrown from a timer it would end the process
    }
  };
  sweepOrTell();
  const timer = setInterval(sweepOrTell, intervalMs).unref();
  return () => clearInterval(timer);
}

function sweepBucket(s3: S3Context, bucket: string, rules: readonly LifecycleRule[]): void {
  const nowMs = s3.now();
  for (const history of Map.groupBy(s3.versions.histories(bucket), ({ key }) => key).values()) {
    for (const version of dueVersions(rules, history, nowMs)) removeVersion(s3, version, 'LifecycleExpiration:Delete');
    if (isCurrentDue(rules, history, nowMs)) deleteLatest(s3, bucket, history[0]!.key, 'LifecycleExpiration');
  }
  for (const upload of s3.uploads.all(bucket)) {
    const isDue = rules.some(
      ({ filter, abortUploadDays: days }) =>
        days !== undefined && upload.key.startsWith(filter.prefix) && daysAfter(upload.startedAtMs, days) <= nowMs,
    );
    if (isDue) abortUpload(s3, upload);
  }
}

/** True where the current version of a key, the first of its history, is an object that has had its time. */
function isCurrentDue(rules: readonly LifecycleRule[], [current]: ObjectVersion[], nowMs: number): boolean {
  if (!current || current.isDeleteMarker) return false;
  return rules.some((rule) => appliesTo(rule, current) && (expiresAtMs(rule, current) ?? Infinity) <= nowMs);
}

/** What goes for good: old noncurrent versions, and a delete marker with nothing left to hide. */
function dueVersions(rules: readonly LifecycleRule[], history: ObjectVersion[], nowMs: number): ObjectVersion[] {
  return history.filter((version, age) => {
    const successor = history[age - 1];
    return rules
      .filter((rule) => appliesTo(rule, version))
      .some((rule) =>
        successor
          ? isNoncurrentDue(rule, { age, since: successor.modifiedAtMs, nowMs })
          : version.isDeleteMarker && history.length === 1 && isMarkerDue(rule, version, nowMs),
      );
  });
}

/** A version counts as noncurrent from when its successor came; `age` is how many came after it. */
function isNoncurrentDue(
  { noncurrentDays, newerNoncurrentVersions }: LifecycleRule,
  { age, since, nowMs }: { age: number; since: number; nowMs: number },
): boolean {
  if (noncurrentDays === undefined || age <= newerNoncurrentVersions) return false;
  return daysAfter(since, noncurrentDays) <= nowMs;
}

function isMarkerDue(rule: LifecycleRule, marker: ObjectVersion, nowMs: number): boolean {
  return rule.expiresDeleteMarkers || (expiresAtMs(rule, marker) ?? Infinity) <= nowMs;
}
