import {
  AddCustomAttributesCommand,
  CreateGroupCommand,
  CreateResourceServerCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteGroupCommand,
  DeleteUserPoolClientCommand,
  DeleteUserPoolCommand,
  DescribeResourceServerCommand,
  DescribeUserPoolClientCommand,
  DescribeUserPoolCommand,
  GetGroupCommand,
  ListGroupsCommand,
  ListUserPoolClientsCommand,
  ListUserPoolsCommand,
  UpdateUserPoolClientCommand,
  UpdateUserPoolCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { aClient, aUserPool, type Cognito, cognitoUnderTest, refusal } from './pool-fixtures.ts';

let cognito: Cognito;

beforeAll(async () => {
  cognito = await cognitoUnderTest();
});
afterAll(() => cognito.close());

describe('user pools', () => {
  it('have an id of the region and an ARN', async () => {
    const { UserPool } = await cognito.api.send(new CreateUserPoolCommand({ PoolName: 'p' }));

    expect(UserPool!.Id).toMatch(/^us-east-1_[A-Za-z0-9]{9}$/);
    expect(UserPool!.Arn).toMatch(new RegExp(`^arn:aws:cognito-idp:us-east-1:\\d{12}:userpool/${UserPool!.Id}$`));
    expect(UserPool!.CreationDate).toBeInstanceOf(Date);
  });

  it('ask for eight characters of every kind when no policy is given', async () => {
    const UserPoolId = await aUserPool(cognito, { PoolName: 'defaults' });

    const { UserPool } = await cognito.api.send(new DescribeUserPoolCommand({ UserPoolId }));

    expect(UserPool!.Policies!.PasswordPolicy).toMatchObject({
      MinimumLength: 8,
      RequireUppercase: true,
      RequireLowercase: true,
      RequireNumbers: true,
      RequireSymbols: true,
      TemporaryPasswordValidityDays: 7,
    });
  });

  it('show custom attributes under their prefix, beside the standard ones', async () => {
    const UserPoolId = await aUserPool(cognito);

    const { UserPool } = await cognito.api.send(new DescribeUserPoolCommand({ UserPoolId }));

    const schema = new Map(UserPool!.SchemaAttributes!.map((attribute) => [attribute.Name, attribute]));
    expect(schema.get('custom:tenant')).toMatchObject({ AttributeDataType: 'String', Mutable: false });
    expect(schema.get('email')).toMatchObject({ Mutable: true });
    expect(schema.get('sub')).toMatchObject({ Required: true, Mutable: false });
  });

  it('gain custom attributes later', async () => {
    const UserPoolId = await aUserPool(cognito);

    await cognito.api.send(
      new AddCustomAttributesCommand({ UserPoolId, CustomAttributes: [{ Name: 'plan', AttributeDataType: 'String' }] }),
    );

    const { UserPool } = await cognito.api.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool!.SchemaAttributes!.map(({ Name }) => Name)).toContain('custom:plan');
  });

  it('keep how users sign in through an update', async () => {
    const UserPoolId = await aUserPool(cognito);

    await cognito.api.send(
      new UpdateUserPoolCommand({ UserPoolId, AdminCreateUserConfig: { AllowAdminCreateUserOnly: true } }),
    );

    const { UserPool } = await cognito.api.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(UserPool!.AdminCreateUserConfig!.AllowAdminCreateUserOnly).toBe(true);
    expect(UserPool!.UsernameAttributes).toEqual(['email']);
  });

  it('are listed page by page', async () => {
    await aUserPool(cognito);
    await aUserPool(cognito);

    const first = await cognito.api.send(new ListUserPoolsCommand({ MaxResults: 1 }));
    const second = await cognito.api.send(new ListUserPoolsCommand({ MaxResults: 1, NextToken: first.NextToken }));

    expect(first.UserPools).toHaveLength(1);
    expect(second.UserPools![0]!.Id).not.toBe(first.UserPools![0]!.Id);
  });

  it('are gone with their clients when deleted', async () => {
    const UserPoolId = await aUserPool(cognito);
    const { id: ClientId } = await aClient(cognito, UserPoolId);

    await cognito.api.send(new DeleteUserPoolCommand({ UserPoolId }));

    const pool = cognito.api.send(new DescribeUserPoolCommand({ UserPoolId }));
    expect(await refusal(pool)).toBe(`ResourceNotFoundException: User pool ${UserPoolId} does not exist.`);
    const client = cognito.api.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(await refusal(client)).toContain('ResourceNotFoundException');
  });

  it.skipIf(isRemote)('refuse the settings that are not emulated', async () => {
    const create = cognito.api.send(new CreateUserPoolCommand({ PoolName: 'p', MfaConfiguration: 'ON' }));

    expect(await refusal(create)).toBe('InvalidParameterException: MfaConfiguration ON is not emulated');
  });

  it.skipIf(isRemote).each([
    ['{"UserPoolId":"us-east-1_x"}', "Value null at 'username'"],
    ['{"UserPoolId":"us-east-1_x","Username":null}', "Value null at 'username'"],
    ['{"UserPoolId":"us-east-1_x","Username":{}}', 'Username must be of type string, not object'],
    ['null', "Value null at 'userPoolId'"],
    ['[]', "Value null at 'userPoolId'"],
    ['{', 'the body is not JSON'],
  ])('answer the malformed request %s with a refusal, not a fault', async (body, reason) => {
    const headers = { 'x-amz-target': 'AWSCognitoIdentityProviderService.AdminGetUser' };

    const response = await fetch(cognito.url, { method: 'POST', headers, body });

    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining(reason) });
    expect(cognito.faults).toEqual([]);
  });
});

describe('clients', () => {
  it('have a secret only when it is asked for', async () => {
    const UserPoolId = await aUserPool(cognito);

    const open = await aClient(cognito, UserPoolId);
    const confidential = await aClient(cognito, UserPoolId, { GenerateSecret: true });

    expect(open.secret).toBeUndefined();
    expect(confidential.secret).toMatch(/^[\w+]{24,64}$/); // the pattern of the API reference
    expect(open.id).toMatch(/^[a-z0-9]{26}$/);
  });

  it('keep id and secret through an update', async () => {
    const UserPoolId = await aUserPool(cognito);
    const { id: ClientId, secret } = await aClient(cognito, UserPoolId, { GenerateSecret: true });

    await cognito.api.send(new UpdateUserPoolClientCommand({ UserPoolId, ClientId, AccessTokenValidity: 2 }));

    const described = await cognito.api.send(new DescribeUserPoolClientCommand({ UserPoolId, ClientId }));
    expect(described.UserPoolClient).toMatchObject({ ClientSecret: secret, AccessTokenValidity: 2 });
  });

  it('refuse an access token that is valid for more than a day', async () => {
    const UserPoolId = await aUserPool(cognito);

    const create = aClient(cognito, UserPoolId, { AccessTokenValidity: 25 });

    expect(await refusal(create)).toContain('InvalidParameterException');
  });

  it('refuse to write attributes that the pool lacks', async () => {
    const UserPoolId = await aUserPool(cognito);

    const create = aClient(cognito, UserPoolId, { WriteAttributes: ['custom:nothing'] });

    expect(await refusal(create)).toBe(
      'InvalidParameterException: Invalid write attributes specified while creating a client',
    );
  });

  it('refuse scopes that no resource server offers', async () => {
    const UserPoolId = await aUserPool(cognito);

    const create = aClient(cognito, UserPoolId, { AllowedOAuthScopes: ['kilat/predict'] });

    expect(await refusal(create)).toContain('ScopeDoesNotExistException');
  });

  it('need a secret for client credentials', async () => {
    const UserPoolId = await aUserPool(cognito);

    const create = aClient(cognito, UserPoolId, { AllowedOAuthFlows: ['client_credentials'] });

    expect(await refusal(create)).toContain('InvalidOAuthFlowException');
  });

  it('are unknown to other pools', async () => {
    const [mine, other] = [await aUserPool(cognito), await aUserPool(cognito)];
    const { id: ClientId } = await aClient(cognito, mine);

    const describeIt = cognito.api.send(new DescribeUserPoolClientCommand({ UserPoolId: other, ClientId }));

    expect(await refusal(describeIt)).toContain('ResourceNotFoundException');
  });

  it('are listed without their secrets, and deleted', async () => {
    const UserPoolId = await aUserPool(cognito);
    const { id: ClientId } = await aClient(cognito, UserPoolId, { GenerateSecret: true });

    const before = await cognito.api.send(new ListUserPoolClientsCommand({ UserPoolId }));
    await cognito.api.send(new DeleteUserPoolClientCommand({ UserPoolId, ClientId }));
    const after = await cognito.api.send(new ListUserPoolClientsCommand({ UserPoolId }));

    expect(before.UserPoolClients).toEqual([{ ClientId, UserPoolId, ClientName: 'web' }]);
    expect(after.UserPoolClients).toEqual([]);
  });

  it('cannot be made in a pool that does not exist', async () => {
    const create = new CreateUserPoolClientCommand({ UserPoolId: 'us-east-1_nowhere00', ClientName: 'c' });

    expect(await refusal(cognito.api.send(create))).toContain('ResourceNotFoundException');
  });
});

describe('groups', () => {
  it('exist once by their name', async () => {
    const UserPoolId = await aUserPool(cognito);
    const create = new CreateGroupCommand({ UserPoolId, GroupName: 'admin', Precedence: 1 });

    await cognito.api.send(create);

    expect(await refusal(cognito.api.send(create))).toContain('GroupExistsException');
    const { Group } = await cognito.api.send(new GetGroupCommand({ UserPoolId, GroupName: 'admin' }));
    expect(Group).toMatchObject({ GroupName: 'admin', Precedence: 1 });
  });

  it('are gone when deleted', async () => {
    const UserPoolId = await aUserPool(cognito);
    await cognito.api.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admin' }));

    await cognito.api.send(new DeleteGroupCommand({ UserPoolId, GroupName: 'admin' }));

    const { Groups } = await cognito.api.send(new ListGroupsCommand({ UserPoolId }));
    expect(Groups).toEqual([]);
  });
});

describe('resource servers', () => {
  it('offer scopes that clients may be allowed', async () => {
    const UserPoolId = await aUserPool(cognito);
    const Scopes = [{ ScopeName: 'predict', ScopeDescription: 'Ask for predictions' }];

    await cognito.api.send(new CreateResourceServerCommand({ UserPoolId, Identifier: 'kilat', Name: 'Kilat', Scopes }));

    const described = await cognito.api.send(new DescribeResourceServerCommand({ UserPoolId, Identifier: 'kilat' }));
    expect(described.ResourceServer!.Scopes).toEqual(Scopes);
    await expect(aClient(cognito, UserPoolId, { AllowedOAuthScopes: ['kilat/predict'] })).resolves.toBeDefined();
  });
});
