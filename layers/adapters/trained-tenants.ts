import { ListObjectsV2Command } from '@aws-sdk/client-s3';
import { aws } from './aws-clients.ts';

/** The tenants that have datasets, and so have trained before. */
export async function* tenantsWithDatasets(Bucket: string): AsyncGenerator<string> {
  let ContinuationToken: string | undefined;
  do {
    const page = await aws.s3.send(
      new ListObjectsV2Command({ Bucket, Prefix: 'datasets/', Delimiter: '/', ContinuationToken }),
    );
    for (const { Prefix } of page.CommonPrefixes ?? []) yield Prefix!.split('/')[1]!;
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
}
