import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { TemplateError } from './errors.ts';
import type { Template } from './template.ts';

/** A stack of the cloud assembly, with its template and the folders that its assets lie in. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
  /** Image tag or S3 object key of an asset -> the folder or file that it is made from. */
  readonly assets: ReadonlyMap<string, string>;
}

interface Artifact {
  readonly type: string;
  readonly dependencies?: readonly string[];
  readonly properties?: { readonly templateFile?: string; readonly stackName?: string; readonly file?: string };
}

interface AssetManifest {
  readonly files?: Record<string, Asset<{ path: string }, { objectKey: string }>>;
  readonly dockerImages?: Record<string, Asset<{ directory: string }, { imageTag: string }>>;
}

interface Asset<Source, Destination> {
  readonly source: Source;
  readonly destinations: Record<string, Destination>;
}

/**
 * Reads what `cdk synth` wrote: every stack after those that it depends on.
 * @throws {TemplateError} when the folder holds no cloud assembly, or one of several stages
 */
export function readAssembly(directory: string): readonly Stack[] {
  const { artifacts = {} } = readJson<{ artifacts?: Record<string, Artifact> }>(directory, 'manifest.json');
  const nested = Object.entries(artifacts).find(([, artifact]) => artifact.type === 'cdk:cloud-assembly');
  if (nested) throw new TemplateError(`the cloud assembly holds another, ${nested[0]}: one stage boots at a time`);
  return inDependencyOrder(artifacts).map((id) => readStack(directory, id, artifacts));
}

function inDependencyOrder(artifacts: Record<string, Artifact>): string[] {
  const ordered = new Set<string>();
  const visit = (id: string): void => {
    if (ordered.has(id)) return;
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency);
    ordered.add(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return [...ordered].filter((id) => artifacts[id]?.type === 'aws:cloudformation:stack');
}

function readStack(directory: string, id: string, artifacts: Record<string, Artifact>): Stack {
  const { properties, dependencies = [] } = artifacts[id]!;
  const manifests = dependencies
    .map((dependency) => artifacts[dependency])
    .filter((artifact) => artifact?.type === 'cdk:asset-manifest');
  const assets = manifests.flatMap((artifact) =>
    assetFolders(directory, readJson<AssetManifest>(directory, artifact!.properties!.file!)),
  );
  return {
    name: properties?.stackName ?? id,
    template: readJson<Template>(directory, properties!.templateFile!),
    assets: new Map(assets),
  };
}

function assetFolders(directory: string, { files = {}, dockerImages = {} }: AssetManifest): [string, string][] {
  const zips = Object.values(files).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ objectKey }): [string, string] => [objectKey, resolve(directory, source.path)]),
  );
  const images = Object.values(dockerImages).flatMap(({ source, destinations }) =>
    Object.values(destinations).map(({ imageTag }): [string, string] => [
      imageTag,
      resolve(directory, source.directory),
    ]),
  );
  return [...zips, ...images];
}

function readJson<T>(directory: string, file: string): T {
  const path = join(directory, file);
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as T;
  } catch (cause) {
    throw new TemplateError(`${path} cannot be read as a part of a cloud assembly`, { cause });
  }
}
