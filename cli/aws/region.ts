import { UsageError } from '../errors.ts';

/** Of an SDK client: resolves to its region, or rejects where nothing names one. */
interface Regional {
  readonly config: { readonly region: () => Promise<string> };
}

/**
 * What a client is built with. The JavaScript SDK reads AWS_REGION alone; the CDK and the AWS command line know
 * AWS_DEFAULT_REGION too, and whoever set that one expects to be heard.
 */
export function inRegion(named: string | undefined, env: NodeJS.ProcessEnv = process.env): { region?: string } {
  const region = named ?? env.AWS_REGION ?? env.AWS_DEFAULT_REGION;
  return region ? { region } : {};
}

/** @throws {UsageError} when neither an option, the environment nor the profile names one */
export const regionOf = ({ config }: Regional): Promise<string> =>
  config.region().catch((cause: unknown) => {
    throw new UsageError('no AWS region is named; set AWS_REGION, or a region in your AWS profile', { cause });
  });
