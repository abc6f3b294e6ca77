import { isObject, type Json } from '../../../local/template/template.ts';
import type { DeployedResource } from './evaluation.ts';

type Resources = ReadonlyMap<string, DeployedResource>;

/** What would stop the deletion of a stack that was used: its buckets and repositories are not empty. */
export function deletionBlockers(resources: Resources): string[] {
  return [...resources]
    .filter(([, { isRetained }]) => !isRetained)
    .flatMap(([logicalId, resource]) => {
      const blocker = blockerOf(resource, resources);
      return blocker ? [`${logicalId} ${blocker}`] : [];
    });
}

function blockerOf(resource: DeployedResource, resources: Resources): string | undefined {
  const { type, properties } = resource;
  if (isProtected(properties)) return 'is protected from deletion and not retained';
  if (type === 'AWS::S3::Bucket' && !isEmptied(resource, resources)) return 'holds objects that nothing deletes';
  if (type === 'AWS::ECR::Repository' && properties.EmptyOnDelete !== true) return 'holds images that nothing deletes';
  return undefined;
}

/** `DeletionProtection: ACTIVE` of a user pool, `DeletionProtectionEnabled: true` of a replica of a table. */
const isProtected = (value: Json): boolean =>
  Array.isArray(value)
    ? value.some(isProtected)
    : isObject(value) &&
      Object.entries(value).some(([name, member]) =>
        name.startsWith('DeletionProtection') ? member === true || member === 'ACTIVE' : isProtected(member),
      );

const isEmptied = ({ physicalId }: DeployedResource, resources: Resources): boolean =>
  [...resources.values()].some(
    ({ type, properties }) => type === 'Custom::S3AutoDeleteObjects' && properties.BucketName === physicalId,
  );
