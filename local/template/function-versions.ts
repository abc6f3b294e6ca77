import { type FunctionConfiguration, functionReference } from '../lambda/index.ts';
import { arn, type Identifiable, type Identify, propertiesOf, type Resource } from './resource.ts';

/** Every start publishes anew, and nobody goes back to what was there before. */
const ONLY_VERSION = '1';

const qualifiedArn = (resource: Identifiable, qualifier: string) =>
  arn('lambda', `function:${functionReference(resource.explicitName('FunctionName') ?? '').name}:${qualifier}`);

export const versionIdentity: Identify = (resource) => {
  const ref = qualifiedArn(resource, ONLY_VERSION);
  return { physicalName: ONLY_VERSION, ref, attributes: { FunctionArn: ref, Version: ONLY_VERSION } };
};

export const aliasIdentity: Identify = (resource) => {
  const name = resource.explicitName('Name') ?? '';
  const ref = qualifiedArn(resource, name);
  return { physicalName: name, ref, attributes: { AliasArn: ref } };
};

export interface DeclaredVersions {
  readonly versions: readonly Resource[];
  readonly aliases: readonly Resource[];
}

interface AliasProperties {
  readonly FunctionName: string;
  readonly FunctionVersion: string;
}

/** What the template publishes of a function. */
export function publishedOf(
  fn: Resource,
  declared: DeclaredVersions,
): Pick<FunctionConfiguration, 'versions' | 'aliases'> {
  const isOfFunction = (resource: Resource) =>
    functionReference(propertiesOf<AliasProperties>(resource).FunctionName).name === fn.physicalName;
  const aliases = declared.aliases.filter(isOfFunction);
  return {
    versions: declared.versions.filter(isOfFunction).map(({ physicalName }) => physicalName),
    aliases: Object.fromEntries(
      aliases.map((alias) => [alias.physicalName, propertiesOf<AliasProperties>(alias).FunctionVersion]),
    ),
  };
}
