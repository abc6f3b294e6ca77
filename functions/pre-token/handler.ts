import { claims, TENANT_ATTRIBUTE } from '@kilat/contracts';
import { tenantOf } from '@kilat/core';
import type { PreTokenGenerationV2TriggerEvent } from 'aws-lambda';

/** Cognito asks before it signs: the tenant goes into the access token, where every handler reads it. */
export async function handler(event: PreTokenGenerationV2TriggerEvent): Promise<PreTokenGenerationV2TriggerEvent> {
  const tenantId = tenantOf(event.request.userAttributes, `custom:${TENANT_ATTRIBUTE}`);
  event.response = {
    claimsAndScopeOverrideDetails: {
      accessTokenGeneration: { claimsToAddOrOverride: { [claims.tenantId]: tenantId } },
    },
  };
  return event;
}
