import { type Identity, inboxFolders, type JobRequest } from '@kilat/contracts';
import { ForbiddenError } from '../errors.ts';

/** Folders of the inbox bucket that a caller may have read: the tenant's, and of uploads one's own. */
function readableFolders({ tenantId, userId, isAdmin }: Identity): string[] {
  return [
    `${inboxFolders.inbox}${tenantId}/`,
    `${inboxFolders.sources}${tenantId}/`,
    isAdmin ? `${inboxFolders.uploads}${tenantId}/` : uploadFolder({ tenantId, userId }),
  ];
}

export const uploadFolder = ({ tenantId, userId }: Pick<Identity, 'tenantId' | 'userId'>): string =>
  `${inboxFolders.uploads}${tenantId}/${userId}/`;

/** Another's key is refused whether there is such an object or not. @throws {ForbiddenError} */
export function assertReadable(identity: Identity, key: string): void {
  const folders = readableFolders(identity);
  if (folders.some((folder) => key.startsWith(folder))) return;
  throw new ForbiddenError(`the key '${key}' is not yours to read; yours begin with ${folders.join(', ')}`);
}

/** What came through a form of the tenant's, whoever asked for it; an admin may take it up. @throws {ForbiddenError} */
export function assertUploaded({ tenantId }: Pick<Identity, 'tenantId'>, key: string): void {
  const folder = `${inboxFolders.uploads}${tenantId}/`;
  if (!key.startsWith(folder))
    throw new ForbiddenError(`the key '${key}' is no upload of your tenant's; those begin with ${folder}`);
}

/** @throws {ForbiddenError} where the request itself names a key outside of what its caller may read */
export function assertOwnSource(identity: Identity, { uploads = [], source, manifest }: JobRequest): void {
  for (const key of [...uploads, source?.prefix, manifest]) {
    if (key !== undefined) assertReadable(identity, key);
  }
}
