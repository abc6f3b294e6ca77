import { Match } from 'aws-cdk-lib/assertions';
import { expect, it } from 'vitest';
import { aStage, synthesised } from '../support/synth.ts';

const { identity } = synthesised(aStage('staging'));

it('lets no client write the tenant of a user', () => {
  const [client] = Object.values(identity.findResources('AWS::Cognito::UserPoolClient'));

  expect(client!.Properties.WriteAttributes).toEqual(['email', 'name']);
  expect(client!.Properties.ReadAttributes).toContain('custom:tenant_id');
});

it('lets nobody sign up unless the stage says so: an administrator makes the users', () => {
  identity.hasResourceProperties('AWS::Cognito::UserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
    UsernameAttributes: ['email'],
  });
});

it('lets people sign up where the stage says so', () => {
  synthesised(aStage('local')).identity.hasResourceProperties('AWS::Cognito::UserPool', {
    AdminCreateUserConfig: { AllowAdminCreateUserOnly: false },
  });
});

it('takes no password under twelve characters, or of fewer than four kinds', () => {
  identity.hasResourceProperties('AWS::Cognito::UserPool', {
    Policies: {
      PasswordPolicy: {
        MinimumLength: 12,
        RequireLowercase: true,
        RequireUppercase: true,
        RequireNumbers: true,
        RequireSymbols: true,
      },
    },
  });
});

it('asks the pre-token function in the version that may change access tokens', () => {
  identity.hasResourceProperties('AWS::Cognito::UserPool', {
    UserPoolTier: 'ESSENTIALS',
    LambdaConfig: { PreTokenGenerationConfig: { LambdaVersion: 'V2_0', LambdaArn: Match.anyValue() } },
  });
});

it('knows the groups of the contracts', () => {
  const groups = Object.values(identity.findResources('AWS::Cognito::UserPoolGroup'));

  expect(groups.map(({ Properties }) => Properties.GroupName)).toEqual(['admin', 'user']);
});

it('signs in by password or SRP, without a secret, and does not tell who exists', () => {
  identity.hasResourceProperties('AWS::Cognito::UserPoolClient', {
    ExplicitAuthFlows: ['ALLOW_USER_PASSWORD_AUTH', 'ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'],
    GenerateSecret: false,
    PreventUserExistenceErrors: 'ENABLED',
    EnableTokenRevocation: true,
  });
});
