import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/** What CloudFormation's documentation says of a type of resource. */
export interface ResourceSpecification {
  /** a type that keeps what users entrusted to it, in the CDK's judgement */
  readonly isStateful: boolean;
  /** the properties whose change has CloudFormation make a new resource, and delete the old one */
  readonly replacing: readonly string[];
}

interface Entity {
  readonly cloudFormationType: string;
  readonly isStateful?: boolean;
  readonly properties: Readonly<Record<string, { readonly causesReplacement?: 'yes' | 'no' | 'maybe' }>>;
}

const unknown: ResourceSpecification = { isStateful: false, replacing: [] };

/** The database that the CDK's command line compares templates by: made of CloudFormation's schemas and documentation. */
const specifications: ReadonlyMap<string, ResourceSpecification> = new Map(
  readEntities().map(({ cloudFormationType, isStateful = false, properties }) => {
    const replacing = Object.keys(properties).filter((name) => properties[name]!.causesReplacement === 'yes');
    return [cloudFormationType, { isStateful, replacing: replacing.sort() }];
  }),
);

/** Of a custom resource nothing is known. */
export const specificationOf = (type: string): ResourceSpecification => specifications.get(type) ?? unknown;

function readEntities(): readonly Entity[] {
  const cdk = dirname(createRequire(import.meta.url).resolve('aws-cdk/package.json'));
  return JSON.parse(gunzipSync(readFileSync(join(cdk, 'db.json.gz'))).toString()).schema.resource.entities;
}
