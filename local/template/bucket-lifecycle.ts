import type { LifecycleRule, LifecycleRuleFilter } from '@aws-sdk/client-s3';

// biome-ignore lint/suspicious/noExplicitAny: the shape is CloudFormation's, checked at synthesis
type TemplateRule = any;

/** The rules of a template in the words of the S3 API. */
export const lifecycleRules = ({ Rules }: { readonly Rules: readonly TemplateRule[] }): LifecycleRule[] =>
  Rules.map((rule) => ({
    ID: rule.Id,
    Status: rule.Status,
    Filter: filterOf(rule),
    ...expirationOf(rule),
    ...noncurrentExpirationOf(rule),
    AbortIncompleteMultipartUpload: rule.AbortIncompleteMultipartUpload,
    Transitions: rule.Transitions?.map(transitionOf),
    NoncurrentVersionTransitions: rule.NoncurrentVersionTransitions?.map(noncurrentTransitionOf),
  }));

/** One criterion stands alone; several are joined by `And`; none is the empty prefix, which every key has. */
function filterOf(rule: TemplateRule): LifecycleRuleFilter {
  const criteria = {
    ...(rule.Prefix === undefined ? {} : { Prefix: rule.Prefix }),
    ...(rule.ObjectSizeGreaterThan === undefined ? {} : { ObjectSizeGreaterThan: Number(rule.ObjectSizeGreaterThan) }),
    ...(rule.ObjectSizeLessThan === undefined ? {} : { ObjectSizeLessThan: Number(rule.ObjectSizeLessThan) }),
  };
  const tags = rule.TagFilters ?? [];
  const count = Object.keys(criteria).length + tags.length;
  if (count === 0) return { Prefix: '' };
  if (count === 1) return tags.length === 1 ? { Tag: tags[0] } : criteria;
  return { And: { ...criteria, ...(tags.length > 0 ? { Tags: tags } : {}) } };
}

function expirationOf({ ExpirationInDays, ExpirationDate, ExpiredObjectDeleteMarker }: TemplateRule) {
  const Expiration = {
    ...(ExpirationInDays === undefined ? {} : { Days: ExpirationInDays }),
    ...(ExpirationDate === undefined ? {} : { Date: new Date(ExpirationDate) }),
    ...(ExpiredObjectDeleteMarker === undefined ? {} : { ExpiredObjectDeleteMarker }),
  };
  return Object.keys(Expiration).length > 0 ? { Expiration } : {};
}

/** The template knows an older spelling, with the days alone. */
function noncurrentExpirationOf({ NoncurrentVersionExpiration, NoncurrentVersionExpirationInDays }: TemplateRule) {
  if (NoncurrentVersionExpiration) return { NoncurrentVersionExpiration };
  if (NoncurrentVersionExpirationInDays === undefined) return {};
  return { NoncurrentVersionExpiration: { NoncurrentDays: NoncurrentVersionExpirationInDays } };
}

const transitionOf = ({ StorageClass, TransitionInDays, TransitionDate }: TemplateRule) => ({
  StorageClass,
  ...(TransitionInDays === undefined ? {} : { Days: TransitionInDays }),
  ...(TransitionDate === undefined ? {} : { Date: new Date(TransitionDate) }),
});

const noncurrentTransitionOf = ({ StorageClass, TransitionInDays, NewerNoncurrentVersions }: TemplateRule) => ({
  StorageClass,
  NoncurrentDays: TransitionInDays,
  NewerNoncurrentVersions,
});
