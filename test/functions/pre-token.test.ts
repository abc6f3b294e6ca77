import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { handler } from '../../functions/pre-token/handler.ts';

/** The shape of Cognito's own example for version 2 of the trigger. */
const anEvent = (userAttributes: Record<string, string>): PreTokenGenerationV2TriggerEvent =>
  ({
    version: '2',
    triggerSource: 'TokenGeneration_Authentication',
    region: 'us-east-1',
    userPoolId: 'us-east-1_EXAMPLE',
    userName: 'ani',
    callerContext: { awsSdkVersion: 'aws-sdk-unknown-unknown', clientId: '1example23456789' },
    request: {
      userAttributes,
      groupConfiguration: { groupsToOverride: [], iamRolesToOverride: [] },
      scopes: ['aws.cognito.signin.user.admin'],
    },
    response: { claimsAndScopeOverrideDetails: null },
  }) as unknown as PreTokenGenerationV2TriggerEvent;

describe('the pre-token function', () => {
  it('writes the user’s tenant into the access token and leaves the id token alone', async () => {
    const { response } = await handler(anEvent({ sub: 'u1', 'custom:tenant_id': 'demo' }));

    expect(response.claimsAndScopeOverrideDetails).toEqual({
      accessTokenGeneration: { claimsToAddOrOverride: { tenant_id: 'demo' } },
    });
  });

  it('makes a user whom nobody put into a tenant a tenant of their own', async () => {
    const { response } = await handler(anEvent({ sub: 'u1' }));

    expect(response.claimsAndScopeOverrideDetails?.accessTokenGeneration?.claimsToAddOrOverride).toEqual({
      tenant_id: 'u1',
    });
  });
});
