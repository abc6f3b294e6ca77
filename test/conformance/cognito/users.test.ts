import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  AdminListGroupsForUserCommand,
  AdminRemoveUserFromGroupCommand,
  AdminSetUserPasswordCommand,
  AdminUpdateUserAttributesCommand,
  CreateGroupCommand,
  DeleteUserCommand,
  GetUserCommand,
  ListUsersCommand,
  ListUsersInGroupCommand,
  UpdateUserAttributesCommand,
  VerifyUserAttributeCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isRemote } from '../../support/endpoint.ts';
import { aClient, aUser, aUserPool, type Cognito, cognitoUnderTest, refusal, signIn } from './pool-fixtures.ts';

let cognito: Cognito;
let UserPoolId: string;

beforeAll(async () => {
  cognito = await cognitoUnderTest();
  UserPoolId = await aUserPool(cognito);
  await aUser(cognito, UserPoolId, 'policy@example.com');
});
afterAll(() => cognito.close());

const attributesOf = async (Username: string) => {
  const { UserAttributes } = await cognito.api.send(new AdminGetUserCommand({ UserPoolId, Username }));
  return Object.fromEntries(UserAttributes!.map(({ Name, Value }) => [Name, Value]));
};

describe('a user whom an administrator creates', () => {
  it('is found by e-mail address, and called by sub', async () => {
    const { User } = await cognito.api.send(
      new AdminCreateUserCommand({ UserPoolId, Username: 'ann@example.com', MessageAction: 'SUPPRESS' }),
    );

    const found = await cognito.api.send(new AdminGetUserCommand({ UserPoolId, Username: 'ann@example.com' }));

    expect(found).toMatchObject({ UserStatus: 'FORCE_CHANGE_PASSWORD', Enabled: true });
    expect(found.Username).toBe(User!.Username);
    expect(found.Username).toBe((await attributesOf('ann@example.com')).sub);
  });

  it('cannot be created twice', async () => {
    const create = () => aUser(cognito, UserPoolId, 'twin@example.com');

    await create();

    expect(await refusal(create())).toContain('UsernameExistsException');
  });

  it('cannot be created twice at once', async () => {
    const create = () =>
      aUser(cognito, UserPoolId, 'race@example.com').then(
        () => 'made',
        () => 'refused',
      );

    const outcomes = await Promise.all([create(), create(), create()]);

    expect(outcomes.toSorted()).toEqual(['made', 'refused', 'refused']);
  });

  it('needs an e-mail address where the pool signs in by it', async () => {
    const create = cognito.api.send(new AdminCreateUserCommand({ UserPoolId, Username: 'ann' }));

    expect(await refusal(create)).toBe('InvalidParameterException: Username should be an email.');
  });

  it.skipIf(isRemote)('is sent a temporary password that satisfies the policy', async () => {
    await cognito.api.send(new AdminCreateUserCommand({ UserPoolId, Username: 'mail@example.com' }));

    const delivery = cognito.deliveries.at(-1)!;

    expect(delivery).toMatchObject({ purpose: 'temporary-password', medium: 'EMAIL', destination: 'mail@example.com' });
    expect(delivery.code).toMatch(/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)(?=.*[^\w]).{8,}$/);
  });

  it.each([
    ['Sh0rt!', 'Password not long enough'],
    ['n0-uppercase', 'Password must have uppercase characters'],
    ['N0-LOWERCASE', 'Password must have lowercase characters'],
    ['No-Numerics', 'Password must have numeric characters'],
    ['N0Symbols11', 'Password must have symbol characters'],
  ])('cannot be given the password %s', async (Password, reason) => {
    const set = cognito.api.send(
      new AdminSetUserPasswordCommand({ UserPoolId, Username: 'policy@example.com', Password }),
    );

    expect(await refusal(set)).toBe(`InvalidPasswordException: Password did not conform with policy: ${reason}`);
  });

  it('is unknown once deleted', async () => {
    const Username = await aUser(cognito, UserPoolId, 'gone@example.com');

    await cognito.api.send(new AdminDeleteUserCommand({ UserPoolId, Username }));

    const get = cognito.api.send(new AdminGetUserCommand({ UserPoolId, Username }));
    expect(await refusal(get)).toBe('UserNotFoundException: User does not exist.');
  });
});

describe('attributes', () => {
  it('outside the schema are refused', async () => {
    const create = aUser(cognito, UserPoolId, 'odd@example.com', [{ Name: 'custom:odd', Value: 'x' }]);

    expect(await refusal(create)).toContain('InvalidParameterException: Attributes did not conform to the schema');
  });

  it('that are immutable are set at creation and never again, even by an administrator', async () => {
    const Username = await aUser(cognito, UserPoolId, 'fixed@example.com', [{ Name: 'custom:tenant', Value: 'acme' }]);
    const change = new AdminUpdateUserAttributesCommand({
      UserPoolId,
      Username,
      UserAttributes: [{ Name: 'custom:tenant', Value: 'other' }],
    });

    expect(await refusal(cognito.api.send(change))).toContain('InvalidParameterException');
    expect(await attributesOf(Username)).toMatchObject({ 'custom:tenant': 'acme' });
  });

  it('that the client may not write are refused to its users', async () => {
    const client = await aClient(cognito, UserPoolId, { WriteAttributes: ['name'] });
    const Username = await aUser(cognito, UserPoolId, 'writer@example.com');
    const { accessToken: AccessToken } = await signIn(cognito, client.id, Username);
    const write = (Name: string, Value: string) =>
      cognito.api.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes: [{ Name, Value }] }));

    await write('name', 'Ann');

    const refused = 'NotAuthorizedException: A client attempted to write unauthorized attribute';
    expect(await refusal(write('nickname', 'A'))).toBe(refused);
    expect(await refusal(write('email_verified', 'true'))).toBe(refused);
    expect(await attributesOf(Username)).toMatchObject({ name: 'Ann' });
  });

  it('that the client may not read are hidden from its users', async () => {
    const client = await aClient(cognito, UserPoolId, { ReadAttributes: ['name'] });
    const Username = await aUser(cognito, UserPoolId, 'reader@example.com', [{ Name: 'name', Value: 'Rea' }]);
    const { accessToken: AccessToken, id } = await signIn(cognito, client.id, Username);

    const { UserAttributes } = await cognito.api.send(new GetUserCommand({ AccessToken }));

    expect(UserAttributes!.map(({ Name }) => Name)).toEqual(['sub', 'name']);
    expect(id).toMatchObject({ name: 'Rea' });
    expect(id).not.toHaveProperty('email');
  });

  it.skipIf(isRemote)('with a new address are unverified until its code comes back', async () => {
    const client = await aClient(cognito, UserPoolId);
    const Username = await aUser(cognito, UserPoolId, 'moves@example.com');
    const { accessToken: AccessToken, access } = await signIn(cognito, client.id, Username);
    const UserAttributes = [{ Name: 'email', Value: 'moved@example.com' }];

    await cognito.api.send(new UpdateUserAttributesCommand({ AccessToken, UserAttributes }));
    const before = await attributesOf(access.sub!);
    const Code = cognito.deliveries.at(-1)!.code;
    await cognito.api.send(new VerifyUserAttributeCommand({ AccessToken, AttributeName: 'email', Code }));

    expect(before).toMatchObject({ email: 'moved@example.com', email_verified: 'false' });
    expect(await attributesOf(access.sub!)).toMatchObject({ email_verified: 'true' });
  });

  it('cannot be an address that signs somebody else in', async () => {
    const client = await aClient(cognito, UserPoolId);
    await aUser(cognito, UserPoolId, 'taken@example.com');
    const { accessToken } = await signIn(cognito, client.id, await aUser(cognito, UserPoolId, 'taker@example.com'));

    const take = new UpdateUserAttributesCommand({
      AccessToken: accessToken,
      UserAttributes: [{ Name: 'email', Value: 'taken@example.com' }],
    });

    expect(await refusal(cognito.api.send(take))).toContain('AliasExistsException');
  });

  it('and all else are gone when users delete themselves', async () => {
    const client = await aClient(cognito, UserPoolId);
    const { accessToken } = await signIn(cognito, client.id, await aUser(cognito, UserPoolId, 'leaves@example.com'));

    await cognito.api.send(new DeleteUserCommand({ AccessToken: accessToken }));

    expect(await refusal(attributesOf('leaves@example.com'))).toContain('UserNotFoundException');
  });
});

describe('lists of users', () => {
  const list = async (Filter: string) => {
    const { Users } = await cognito.api.send(new ListUsersCommand({ UserPoolId, Filter }));
    return Users!.map(({ Attributes }) => Attributes!.find(({ Name }) => Name === 'email')!.Value);
  };

  it('can be filtered by an attribute, or its beginning', async () => {
    await aUser(cognito, UserPoolId, 'filter-1@example.com');
    await aUser(cognito, UserPoolId, 'filter-2@example.com');

    expect(await list('email = "filter-1@example.com"')).toEqual(['filter-1@example.com']);
    expect((await list('email ^= "filter-"')).toSorted()).toEqual(['filter-1@example.com', 'filter-2@example.com']);
  });

  it('refuse a filter on a custom attribute', async () => {
    expect(await refusal(list('custom:tenant = "acme"'))).toContain('InvalidParameterException');
  });
});

describe('membership of groups', () => {
  it('is seen from the user and from the group, until it ends', async () => {
    await cognito.api.send(new CreateGroupCommand({ UserPoolId, GroupName: 'admin' }));
    const membership = {
      UserPoolId,
      GroupName: 'admin',
      Username: await aUser(cognito, UserPoolId, 'boss@example.com'),
    };

    await cognito.api.send(new AdminAddUserToGroupCommand(membership));
    const { Groups } = await cognito.api.send(new AdminListGroupsForUserCommand(membership));
    const { Users } = await cognito.api.send(new ListUsersInGroupCommand(membership));
    await cognito.api.send(new AdminRemoveUserFromGroupCommand(membership));
    const after = await cognito.api.send(new ListUsersInGroupCommand(membership));

    expect(Groups!.map(({ GroupName }) => GroupName)).toEqual(['admin']);
    expect(Users).toHaveLength(1);
    expect(after.Users).toEqual([]);
  });

  it('needs a group that exists', async () => {
    const Username = await aUser(cognito, UserPoolId, 'nobody@example.com');

    const add = cognito.api.send(new AdminAddUserToGroupCommand({ UserPoolId, GroupName: 'ghosts', Username }));

    expect(await refusal(add)).toContain('ResourceNotFoundException');
  });
});
