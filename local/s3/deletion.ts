import { refusalOf, signerOfRequest } from './access-check.ts';
import { objectAccess } from './authorization.ts';
import { readText } from './body.ts';
import { assertWriteConditions } from './conditions.ts';
import type { Operation, S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { S3Request } from './request.ts';
import { type Deletion, deleteLatest, deleteVersion } from './versioning.ts';
import { childrenOf, parseXml, requiredText, textOf, type XmlTree } from './xml.ts';

const MAX_KEYS = 1000;

/** Deleting what is not there succeeds: the caller wanted it gone. */
export const deleteObject: Operation = ({ bucket, key, query, headers }, s3) => {
  if (headers['if-match']) assertWriteConditions(headers, s3.versions.latest(bucket, key));
  const deletion = deleteOne(s3, { bucket, key, versionId: query.get('versionId') ?? undefined });
  return {
    status: 204,
    headers: {
      'x-amz-version-id': deletion.versionId,
      'x-amz-delete-marker': deletion.isDeleteMarker ? 'true' : undefined,
    },
  };
};

export const deleteObjects: Operation = async (request, s3) => {
  const document = parseXml(await readText(request), 'Delete');
  const wanted = childrenOf(document, 'Object').map((object) => ({
    bucket: request.bucket,
    key: requiredText(object, 'Key'),
    versionId: textOf(object, 'VersionId'),
  }));
  if (wanted.length === 0 || wanted.length > MAX_KEYS) throw new S3Error('MalformedXML');
  const results = wanted.map((object) => tryToDelete(request, s3, object));
  const Deleted = textOf(document, 'Quiet') === 'true' ? [] : results.flatMap(({ deleted }) => deleted ?? []);
  return { xml: { DeleteResult: { Deleted, Error: results.flatMap(({ error }) => error ?? []) } } };
};

/** Each object is deleted, or refused, by itself. */
function tryToDelete(request: S3Request, s3: S3Context, object: Deletable): { deleted?: XmlTree; error?: XmlTree } {
  const refusal = s3.iam && refusalOf(s3, signerOfRequest(request, s3), objectAccess('DeleteObject', object));
  if (!refusal) return { deleted: deletedElements(object, deleteOne(s3, object)) };
  const { code: Code, message: Message } = refusal;
  return { error: { Key: object.key, VersionId: object.versionId, Code, Message } };
}

interface Deletable {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

function deleteOne(s3: S3Context, { bucket, key, versionId }: Deletable): Deletion {
  return versionId === undefined ? deleteLatest(s3, bucket, key) : deleteVersion(s3, bucket, key, versionId);
}

function deletedElements({ key, versionId }: Deletable, deletion: Deletion): XmlTree {
  const marker = deletion.isDeleteMarker ? { DeleteMarker: true, DeleteMarkerVersionId: deletion.versionId } : {};
  return { Key: key, VersionId: versionId, ...marker };
}
