import type { FunctionName } from '@kilat/contracts';
import { Code, type FunctionOptions, Function as Lambda, Runtime } from 'aws-cdk-lib/aws-lambda';
import { type FunctionCode, KilatFunction } from './kilat-function.ts';

/** A function of nothing but JavaScript. */
export class ZipFunction<N extends FunctionName> extends KilatFunction<N> {
  protected override createLambda({ folder, handler }: FunctionCode, options: FunctionOptions): Lambda {
    return new Lambda(this, 'Function', {
      ...options,
      runtime: Runtime.NODEJS_24_X,
      handler,
      code: Code.fromAsset(folder),
      environment: { NODE_OPTIONS: '--enable-source-maps' }, // Node's own; in an image the Dockerfile says it
    });
  }
}
