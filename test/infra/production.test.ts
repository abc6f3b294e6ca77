import { Match } from 'aws-cdk-lib/assertions';
import { it } from 'vitest';
import { aStage, synthesised } from '../support/synth.ts';

const { storage, identity, api } = synthesised(aStage('production'));

it('keeps photos, tables and users when their stack goes', () => {
  storage.hasResource('AWS::S3::Bucket', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  storage.allResources('AWS::DynamoDB::GlobalTable', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
  identity.hasResource('AWS::Cognito::UserPool', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
});

it('refuses to delete tables and users', () => {
  storage.allResourcesProperties('AWS::DynamoDB::GlobalTable', {
    Replicas: [Match.objectLike({ DeletionProtectionEnabled: true })],
  });
  identity.hasResourceProperties('AWS::Cognito::UserPool', { DeletionProtection: 'ACTIVE' });
});

it('has nothing that empties buckets', () => {
  storage.resourceCountIs('Custom::S3AutoDeleteObjects', 0);
});

it('lets no browser in until an origin is named', () => {
  api.hasResourceProperties('AWS::ApiGatewayV2::Api', { CorsConfiguration: Match.absent() });
});
