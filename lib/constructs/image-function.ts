import type { FunctionName } from '@kilat/contracts';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import {
  Architecture,
  DockerImageCode,
  DockerImageFunction,
  type FunctionOptions,
  type Function as Lambda,
} from 'aws-cdk-lib/aws-lambda';
import type { Stage } from '../stage.ts';
import { type FunctionCode, KilatFunction } from './kilat-function.ts';

/** The processor of the stage's images. */
export const architectureOf = ({ inferenceArchitecture }: Stage): Architecture =>
  inferenceArchitecture === 'arm64' ? Architecture.ARM_64 : Architecture.X86_64;

/** The same, as Docker calls it. */
export const platformOf = (stage: Stage): Platform => dockerPlatform(architectureOf(stage));

const dockerPlatform = (architecture: Architecture | undefined): Platform =>
  architecture === Architecture.ARM_64 ? Platform.LINUX_ARM64 : Platform.LINUX_AMD64;

/** A function that needs native packages or model weights; Docker builds its image at deployment, not at synthesis. */
export class ImageFunction<N extends FunctionName> extends KilatFunction<N> {
  protected override createLambda({ folder, handler }: FunctionCode, options: FunctionOptions): Lambda {
    const platform = dockerPlatform(options.architecture);
    return new DockerImageFunction(this, 'Function', {
      ...options,
      code: DockerImageCode.fromImageAsset(folder, { cmd: [handler], platform }),
    });
  }
}
