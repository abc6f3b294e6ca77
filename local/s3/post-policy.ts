import type { Keyring } from '../iam/index.ts';
import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import { assertSignature, parseCredential } from './signature.ts';

/** The fields of a form by their names in lower case, all but the file. */
export type FormFields = Readonly<Record<string, string>>;

/** A policy, its two ways of writing a comparison made one. */
interface Policy {
  readonly expiresAtMs: number;
  readonly comparisons: readonly Comparison[];
  readonly sizeRanges: readonly { readonly minBytes: number; readonly maxBytes: number }[];
}

interface Comparison {
  readonly operator: 'eq' | 'starts-with';
  readonly field: string;
  readonly value: string;
}

interface Submission {
  /** The fields, with the bucket, and the key as it was expanded. */
  readonly fields: FormFields;
  readonly fileBytes: number;
}

/**
 * Holds a form to the policy that it carries: who signed it, until when, and every field.
 * @throws {S3Error} AccessDenied, EntityTooSmall, EntityTooLarge, SignatureDoesNotMatch, InvalidAccessKeyId
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html
 */
export function assertPolicy({ fields, fileBytes }: Submission, { keys, now }: Pick<S3Context, 'keys' | 'now'>): void {
  if (!fields.policy) throw new S3Error('AccessDenied');
  assertPolicySigned(fields, keys);
  const policy = parsePolicy(fields.policy);
  if (!(policy.expiresAtMs > now())) throw violated('Policy expired.');
  for (const comparison of policy.comparisons) assertComparison(comparison, fields);
  assertNoExtraFields(policy, fields);
  for (const { minBytes, maxBytes } of policy.sizeRanges) {
    const members = { ProposedSize: fileBytes, MinSizeAllowed: minBytes, MaxSizeAllowed: maxBytes };
    if (fileBytes < minBytes) throw new S3Error('EntityTooSmall', { members });
    if (fileBytes > maxBytes) throw new S3Error('EntityTooLarge', { members });
  }
}

function assertPolicySigned(fields: FormFields, keys: Keyring): void {
  const credential = parseCredential(fields['x-amz-credential'] ?? '');
  if (!credential || fields['x-amz-algorithm'] !== 'AWS4-HMAC-SHA256') throw new S3Error('AccessDenied');
  const signed = { stringToSign: fields.policy!, signature: fields['x-amz-signature'] ?? '' };
  assertSignature(keys, credential, signed);
}

function parsePolicy(base64: string): Policy {
  let document: { expiration?: string; conditions?: unknown };
  try {
    document = JSON.parse(Buffer.from(base64, 'base64').toString('utf8'));
  } catch {
    throw new S3Error('InvalidPolicyDocument');
  }
  if (!Array.isArray(document.conditions)) throw new S3Error('InvalidPolicyDocument');
  const conditions = document.conditions.flatMap(triples);
  return {
    expiresAtMs: Date.parse(document.expiration ?? ''),
    comparisons: conditions.filter((condition) => !isSizeRange(condition)).map(toComparison),
    sizeRanges: conditions
      .filter(isSizeRange)
      .map(([, min, max]) => ({ minBytes: Number(min), maxBytes: Number(max) })),
  };
}

type Triple = [operator: unknown, first: unknown, second: unknown];

/** `{ field: value }` says what `['eq', '$field', value]` says. */
function triples(condition: unknown): Triple[] {
  if (Array.isArray(condition)) return [condition as Triple];
  return Object.entries(condition ?? {}).map(([field, value]) => ['eq', `$${field}`, value]);
}

const isSizeRange = ([operator]: Triple): boolean => operator === 'content-length-range';

function toComparison([operator, field, value]: Triple): Comparison {
  if (operator !== 'eq' && operator !== 'starts-with') throw new S3Error('InvalidPolicyDocument');
  return { operator, field: String(field).replace(/^\$/, '').toLowerCase(), value: String(value) };
}

function assertComparison({ operator, field, value }: Comparison, fields: FormFields): void {
  const actual = fields[field] ?? '';
  const holds = operator === 'starts-with' ? actual.startsWith(value) : actual === value;
  if (!holds) throw violated(`Policy Condition failed: ${JSON.stringify([operator, `$${field}`, value])}`);
}

/** A field that no comparison speaks of was added by whoever holds the form. */
function assertNoExtraFields({ comparisons }: Policy, fields: FormFields): void {
  const named = new Set([...comparisons.map(({ field }) => field), 'policy', 'x-amz-signature', 'bucket']);
  const extra = Object.keys(fields).filter((field) => !named.has(field) && !field.startsWith('x-ignore-'));
  if (extra.length > 0) throw violated(`Extra input fields: ${extra.join(', ')}`);
}

function violated(why: string): S3Error {
  return new S3Error('AccessDenied', { message: `Invalid according to Policy: ${why}` });
}
