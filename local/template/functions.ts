import type { FunctionConfiguration } from '../lambda/index.ts';
import { NotEmulatedError, TemplateError } from './errors.ts';
import { physicalName } from './names.ts';
import { arn, type Identify, propertiesOf, type Resource } from './resource.ts';

export const functionIdentity: Identify = (resource) => {
  const name = resource.explicitName('FunctionName') ?? physicalName(resource, 64);
  return { physicalName: name, ref: name, attributes: { Arn: arn('lambda', `function:${name}`) } };
};

interface FunctionProperties {
  readonly Code: { readonly ImageUri?: string; readonly S3Key?: string };
  readonly PackageType?: 'Image' | 'Zip';
  readonly ImageConfig?: { readonly Command?: readonly string[] };
  readonly Runtime?: string;
  readonly Handler?: string;
  readonly Timeout?: number;
  readonly MemorySize?: number;
  readonly Environment?: { readonly Variables?: Readonly<Record<string, string | number | boolean>> };
  readonly ReservedConcurrentExecutions?: number;
  readonly Layers?: readonly string[];
}

export interface CodeSources {
  /** The folder of an asset, by image tag or object key. */
  readonly asset: (key: string) => string | undefined;
  /** Whose node_modules stand in for those that `docker build` would put into an image. */
  readonly projectDir: string;
}

/** How to run a declared function here. */
export function functionConfiguration(fn: Resource, { asset, projectDir }: CodeSources): FunctionConfiguration {
  const properties = propertiesOf<FunctionProperties>(fn);
  if (properties.Layers?.length) throw new NotEmulatedError(`${fn.logicalId}: Lambda layers are not emulated`);
  const code = properties.PackageType === 'Image' ? imageCode(fn, properties) : zipCode(fn, properties);
  const directory = asset(code.asset);
  if (!directory) throw new TemplateError(`${fn.logicalId}: the cloud assembly has no asset ${code.asset}`);
  return {
    name: fn.physicalName,
    arn: fn.attributes.Arn!,
    directory,
    handler: code.handler,
    timeoutMs: (properties.Timeout ?? 3) * 1000,
    memoryMb: properties.MemorySize ?? 128,
    environment: environmentOf(properties),
    reservedConcurrency: properties.ReservedConcurrentExecutions,
    resolveFrom: properties.PackageType === 'Image' ? projectDir : undefined,
  };
}

interface Code {
  /** The image tag or object key of the asset. */
  readonly asset: string;
  readonly handler: string;
}

/** The command is the handler, as AWS's base images take it; what the Dockerfile says is not read. */
function imageCode({ logicalId }: Resource, { Code, ImageConfig }: FunctionProperties): Code {
  const handler = ImageConfig?.Command?.[0];
  if (!handler) throw new NotEmulatedError(`${logicalId}: an image without ImageConfig.Command names no handler`);
  return { asset: Code.ImageUri?.split(':').at(-1) ?? '', handler };
}

function zipCode({ logicalId }: Resource, { Code, Runtime, Handler }: FunctionProperties): Code {
  if (!Runtime?.startsWith('nodejs'))
    throw new NotEmulatedError(`${logicalId}: the runtime ${Runtime} is not emulated`);
  if (!Code.S3Key) throw new NotEmulatedError(`${logicalId}: code within the template is not emulated`);
  return { asset: Code.S3Key, handler: Handler ?? 'index.handler' };
}

/** The template may hold numbers; an environment holds text. */
function environmentOf({ Environment }: FunctionProperties): Record<string, string> {
  return Object.fromEntries(Object.entries(Environment?.Variables ?? {}).map(([name, value]) => [name, String(value)]));
}
