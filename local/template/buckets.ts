import type { NotificationConfiguration, S3Client } from '@aws-sdk/client-s3';
import { LOCAL_REGION } from '../service.ts';
import { applySettings } from './bucket-settings.ts';
import { bucketName } from './names.ts';
import type { Identify, Resource } from './resource.ts';

export const bucketIdentity: Identify = (resource) => {
  const name = resource.explicitName('BucketName') ?? bucketName(resource);
  return {
    physicalName: name,
    ref: name,
    attributes: {
      Arn: `arn:aws:s3:::${name}`,
      DomainName: `${name}.s3.amazonaws.com`,
      RegionalDomainName: `${name}.s3.${LOCAL_REGION}.amazonaws.com`,
    },
  };
};

type Sdk = typeof import('@aws-sdk/client-s3');

/** What the template says of buckets, in resources of three types. */
export interface DeclaredBuckets {
  readonly buckets: readonly Resource[];
  readonly policies: readonly Resource[];
  readonly notifications: readonly Resource[];
}

/** Makes the buckets that are missing, and sets every setting of all, so that one taken out of the template ends. */
export async function applyBuckets(declared: DeclaredBuckets, client: S3Client): Promise<void> {
  const sdk = await import('@aws-sdk/client-s3');
  const apply = async ({ physicalName: Bucket, properties }: Resource): Promise<void> => {
    await createBucket(sdk, client, Bucket);
    await applySettings(sdk, client, Bucket, properties);
    await applyPolicy(sdk, client, Bucket, declared.policies);
    const NotificationConfiguration = notificationsOf(Bucket, declared.notifications);
    await client.send(new sdk.PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
  };
  await Promise.all(declared.buckets.map(apply));
}

async function createBucket(sdk: Sdk, client: S3Client, Bucket: string): Promise<void> {
  try {
    await client.send(new sdk.CreateBucketCommand({ Bucket }));
  } catch (error) {
    if (!(error instanceof sdk.BucketAlreadyOwnedByYou)) throw error;
  }
}

async function applyPolicy(sdk: Sdk, client: S3Client, Bucket: string, policies: readonly Resource[]): Promise<void> {
  const policy = policies.find(({ properties }) => properties.Bucket === Bucket);
  if (!policy) {
    await client.send(new sdk.DeleteBucketPolicyCommand({ Bucket }));
    return;
  }
  const Policy = JSON.stringify(policy.properties.PolicyDocument);
  await client.send(new sdk.PutBucketPolicyCommand({ Bucket, Policy }));
}

/** CDK sets notifications with a custom resource, whose property has the shape of the API already. */
function notificationsOf(bucket: string, notifications: readonly Resource[]): NotificationConfiguration {
  const custom = notifications.find(({ properties }) => properties.BucketName === bucket);
  return (custom?.properties.NotificationConfiguration ?? {}) as NotificationConfiguration;
}
