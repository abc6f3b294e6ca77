import { createHash } from 'node:crypto';

export interface NamedResource {
  readonly stackName: string;
  readonly logicalId: string;
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
const pathOf = ({ stackName, logicalId }: NamedResource): string => `${stackName}/${logicalId}`;

/**
 * A name of its own for each resource, the same at every start: `Stack-LogicalId`, as CloudFormation makes it but
 * without the random end. One that is too long ends in a hash instead of its last characters.
 */
export function physicalName(resource: NamedResource, maxLength: number): string {
  const name = `${resource.stackName}-${resource.logicalId}`;
  if (name.length <= maxLength) return name;
  return `${name.slice(0, maxLength - 9)}-${digest(name).toString('hex').slice(0, 8)}`;
}

/** Bucket names have at most 63 characters, all lower-case: two IDs that differ in case alone would share one. */
export const bucketName = (resource: NamedResource): string => physicalName(resource, 63).toLowerCase();

/** An identifier as the service itself would draw it, but drawn from the resource's path. */
export function generatedId(resource: NamedResource, alphabet: string, length: number): string {
  const bytes = digest(pathOf(resource));
  return Array.from({ length }, (_, index) => alphabet[bytes[index]! % alphabet.length]).join('');
}

export const LOWER_ALPHANUMERIC = 'abcdefghijklmnopqrstuvwxyz0123456789';
export const ALPHANUMERIC = `${LOWER_ALPHANUMERIC}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
