import type * as S3 from '@aws-sdk/client-s3';
import { lifecycleRules } from './bucket-lifecycle.ts';
import type { JsonObject } from './template.ts';

type Sdk = typeof S3;
// biome-ignore lint/suspicious/noExplicitAny: each setting has its own shape, which CloudFormation checked at synthesis
type Value = any;

/** A call that is ready to be made. */
type Call = (client: S3.S3Client) => Promise<unknown>;

/** How one property of AWS::S3::Bucket comes into effect, and how it ends. */
interface Setting {
  readonly put: (sdk: Sdk, Bucket: string, value: Value) => Call;
  readonly remove: (sdk: Sdk, Bucket: string) => Call;
}

/** By property of AWS::S3::Bucket; template and API spell the same thing differently here and there. */
const settings: Readonly<Record<string, Setting>> = {
  VersioningConfiguration: {
    put: (sdk, Bucket, VersioningConfiguration) => (client) =>
      client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration })),
    remove: suspendVersioning,
  },
  BucketEncryption: {
    put: (sdk, Bucket, value) => (client) =>
      client.send(
        new sdk.PutBucketEncryptionCommand({
          Bucket,
          ServerSideEncryptionConfiguration: { Rules: encryptionRules(value) },
        }),
      ),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeleteBucketEncryptionCommand({ Bucket })),
  },
  CorsConfiguration: {
    put: (sdk, Bucket, value) => (client) =>
      client.send(
        new sdk.PutBucketCorsCommand({ Bucket, CORSConfiguration: { CORSRules: value.CorsRules.map(corsRule) } }),
      ),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeleteBucketCorsCommand({ Bucket })),
  },
  LifecycleConfiguration: {
    put: (sdk, Bucket, value) => (client) =>
      client.send(
        new sdk.PutBucketLifecycleConfigurationCommand({
          Bucket,
          LifecycleConfiguration: { Rules: lifecycleRules(value) },
        }),
      ),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeleteBucketLifecycleCommand({ Bucket })),
  },
  PublicAccessBlockConfiguration: {
    put: (sdk, Bucket, PublicAccessBlockConfiguration) => (client) =>
      client.send(new sdk.PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration })),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeletePublicAccessBlockCommand({ Bucket })),
  },
  Tags: {
    put: (sdk, Bucket, TagSet) => (client) =>
      client.send(new sdk.PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeleteBucketTaggingCommand({ Bucket })),
  },
  OwnershipControls: {
    put: (sdk, Bucket, OwnershipControls) => (client) =>
      client.send(new sdk.PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls })),
    remove: (sdk, Bucket) => (client) => client.send(new sdk.DeleteBucketOwnershipControlsCommand({ Bucket })),
  },
};

/** Brings a bucket's settings to what the template says, those that it no longer says included. */
export async function applySettings(
  sdk: Sdk,
  client: S3.S3Client,
  Bucket: string,
  properties: JsonObject,
): Promise<void> {
  for (const [property, setting] of Object.entries(settings)) {
    const value = properties[property];
    const call = value === undefined ? setting.remove(sdk, Bucket) : setting.put(sdk, Bucket, value);
    await call(client);
  }
}

/** A bucket that was versioned can only be suspended; one that never was stays as it is. */
function suspendVersioning(sdk: Sdk, Bucket: string): Call {
  return async (client) => {
    const { Status } = await client.send(new sdk.GetBucketVersioningCommand({ Bucket }));
    if (Status !== 'Enabled') return;
    await client.send(new sdk.PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } }));
  };
}

const encryptionRules = ({ ServerSideEncryptionConfiguration: rules }: Value): S3.ServerSideEncryptionRule[] =>
  rules.map(({ ServerSideEncryptionByDefault, BucketKeyEnabled }: Value) => ({
    ApplyServerSideEncryptionByDefault: ServerSideEncryptionByDefault,
    BucketKeyEnabled,
  }));

const corsRule = ({ Id, ExposedHeaders, MaxAge, ...rule }: Value): S3.CORSRule => ({
  ...rule,
  ID: Id,
  ExposeHeaders: ExposedHeaders,
  MaxAgeSeconds: MaxAge,
});
