import type {
  AdminAddUserToGroupRequest,
  AdminListGroupsForUserRequest,
  AdminRemoveUserFromGroupRequest,
  CreateGroupRequest,
  DeleteGroupRequest,
  GetGroupRequest,
  ListGroupsRequest,
  ListUsersInGroupRequest,
  UpdateGroupRequest,
} from '@aws-sdk/client-cognito-identity-provider';
import { AwsError } from '../aws-json.ts';
import type { Cognito } from './context.ts';
import { resourceNotFound } from './errors.ts';
import type { Group, User, Wire } from './model.ts';
import { epochSeconds, page } from './pages.ts';
import { requirePool } from './pools.ts';
import { describeUser, requireUser, updateUser } from './users.ts';

export const groupOperations = (cognito: Cognito) => ({
  CreateGroup: (input: Wire<CreateGroupRequest>) => {
    if (cognito.store.groups.get(keyOf(input)))
      throw new AwsError('GroupExistsException', 'A group with the name already exists.');
    return { Group: describeGroup(ensureGroup(cognito, input)) };
  },
  GetGroup: (input: Wire<GetGroupRequest>) => ({ Group: describeGroup(requireGroup(cognito, input)) }),
  UpdateGroup: (input: Wire<UpdateGroupRequest>) => {
    const { config } = requireGroup(cognito, input);
    return { Group: describeGroup(ensureGroup(cognito, { ...config, ...input })) };
  },
  DeleteGroup: (input: Wire<DeleteGroupRequest>) => {
    requireGroup(cognito, input);
    for (const user of membersOf(cognito, input)) leave(cognito, user, input.GroupName);
    cognito.store.groups.delete(keyOf(input));
  },
  ListGroups: ({ UserPoolId, Limit, NextToken }: Wire<ListGroupsRequest>) => {
    requirePool(cognito, UserPoolId);
    const { items, next } = page(cognito.store.groups.findBy('userPoolId', UserPoolId), Limit, NextToken);
    return { Groups: items.map(describeGroup), NextToken: next };
  },
  ListUsersInGroup: (input: Wire<ListUsersInGroupRequest>) => {
    requireGroup(cognito, input);
    const { items, next } = page(membersOf(cognito, input), input.Limit, input.NextToken);
    return { Users: items.map(describeUser), NextToken: next };
  },
  AdminAddUserToGroup: (input: Wire<AdminAddUserToGroupRequest>) => {
    const user = requireUser(cognito, requirePool(cognito, input.UserPoolId), input.Username);
    requireGroup(cognito, input);
    const groups = new Set([...user.groups, input.GroupName]);
    updateUser(cognito, user, { groups: [...groups] });
  },
  AdminRemoveUserFromGroup: (input: Wire<AdminRemoveUserFromGroupRequest>) => {
    const user = requireUser(cognito, requirePool(cognito, input.UserPoolId), input.Username);
    requireGroup(cognito, input);
    leave(cognito, user, input.GroupName);
  },
  AdminListGroupsForUser: (input: Wire<AdminListGroupsForUserRequest>) => {
    const user = requireUser(cognito, requirePool(cognito, input.UserPoolId), input.Username);
    const { items, next } = page(groupsOf(cognito, user), input.Limit, input.NextToken);
    return { Groups: items.map(describeGroup), NextToken: next };
  },
});

const keyOf = (input: { UserPoolId: string; GroupName: string }) => `${input.UserPoolId}/${input.GroupName}`;

/** Makes the group what the input says, whether or not it exists. */
export function ensureGroup(cognito: Cognito, config: Wire<CreateGroupRequest>): Group {
  const { userPoolId } = requirePool(cognito, config.UserPoolId);
  const now = cognito.now();
  const createdAt = cognito.store.groups.get(keyOf(config))?.createdAt ?? now;
  return cognito.store.groups.put(keyOf(config), { userPoolId, config, createdAt, modifiedAt: now });
}

function requireGroup(cognito: Cognito, input: { UserPoolId: string; GroupName: string }): Group {
  requirePool(cognito, input.UserPoolId);
  const group = cognito.store.groups.get(keyOf(input));
  if (!group) throw resourceNotFound('Group not found.');
  return group;
}

/** The user's groups, the one of the lowest precedence first: its role is the preferred one. */
export function groupsOf({ store }: Cognito, user: User): Group[] {
  const precedence = ({ config }: Group) => config.Precedence ?? Infinity;
  return user.groups
    .map((name) => store.groups.get(`${user.userPoolId}/${name}`))
    .filter((group) => group !== undefined)
    .sort((a, b) => (precedence(a) === precedence(b) ? 0 : precedence(a) - precedence(b)));
}

const membersOf = ({ store }: Cognito, { UserPoolId, GroupName }: { UserPoolId: string; GroupName: string }) =>
  store.users.findBy('userPoolId', UserPoolId).filter(({ groups }) => groups.includes(GroupName));

const leave = (cognito: Cognito, user: User, groupName: string) =>
  updateUser(cognito, user, { groups: user.groups.filter((name) => name !== groupName) });

export const describeGroup = ({ config, createdAt, modifiedAt }: Group) => ({
  ...config,
  CreationDate: epochSeconds(createdAt),
  LastModifiedDate: epochSeconds(modifiedAt),
});
