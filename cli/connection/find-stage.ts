import { inRegion } from '../aws/region.ts';
import type { StageStacks } from '../aws/stacks.ts';
import type { Place } from './sign-ins.ts';
import { outputOf } from './stage-outputs.ts';

/** Cognito's own address. */
export const cognitoUrlIn = (region: string): string => `https://cognito-idp.${region}.amazonaws.com/`;

/**
 * Asks AWS for the stacks of a stage, with the credentials of whoever runs the command.
 * @throws {CliError} when AWS does not tell
 */
export async function findStacks(stage: string, region?: string): Promise<StageStacks> {
  const [{ CloudFormationClient }, { stacksOf }] = await Promise.all([
    import('@aws-sdk/client-cloudformation'), // loaded by who needs it: it takes longer than most commands
    import('../aws/stacks.ts'),
  ]);
  return stacksOf(new CloudFormationClient(inRegion(region)), stage);
}

/** Where a deployed stage is, as its stacks tell. @throws {CliError} when it is not there, or not whole */
export async function findStage(stage: string, region?: string): Promise<Place> {
  const found = await findStacks(stage, region);
  return {
    api_url: outputOf(stage, found, 'ApiUrl'),
    client_id: outputOf(stage, found, 'UserPoolClientId'),
    cognito_url: cognitoUrlIn(found.region),
  };
}
