/**
 * The condition keys that the local cloud fills, as AWS spells them. A policy that reads another is refused: its
 * condition would never hold here, whatever it does on AWS.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
 */
const FILLED = [
  ...['aws:PrincipalAccount', 'aws:PrincipalArn', 'aws:PrincipalIsAWSService', 'aws:PrincipalServiceName'],
  ...['aws:PrincipalType', 'aws:RequestedRegion', 'aws:ResourceAccount', 'aws:SecureTransport', 'aws:SourceAccount'],
  ...['aws:SourceArn', 'aws:SourceIp', 'aws:ViaAWSService'],
  ...['cloudwatch:namespace'],
  ...['dynamodb:EnclosingOperation', 'dynamodb:LeadingKeys', 'dynamodb:ReturnConsumedCapacity'],
  ...['dynamodb:ReturnValues', 'dynamodb:Select'],
  ...['events:detail-type', 'events:source'],
  ...['s3:ResourceAccount', 's3:TlsVersion', 's3:VersionId', 's3:authType', 's3:delimiter', 's3:if-match'],
  ...['s3:if-none-match', 's3:max-keys', 's3:prefix', 's3:signatureversion', 's3:x-amz-acl', 's3:x-amz-copy-source'],
  ...['s3:x-amz-metadata-directive', 's3:x-amz-server-side-encryption'],
  ...['s3:x-amz-server-side-encryption-aws-kms-key-id', 's3:x-amz-storage-class'],
] as const;

export type ConditionKey = (typeof FILLED)[number];

const spellings = new Map<string, ConditionKey>(FILLED.map((key) => [key.toLowerCase(), key]));

/** How AWS spells a key, which policies may write in any case; undefined for one that is not filled here. */
export const spellingOf = (key: string): ConditionKey | undefined => spellings.get(key.toLowerCase());

export const filledConditionKeys: readonly ConditionKey[] = FILLED;
