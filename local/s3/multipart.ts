import { createHash, randomBytes } from 'node:crypto';
import { type Body, bodyOf, readText } from './body.ts';
import { type Checksum, checksumAlgorithm, checksumElements, checksumHeaders } from './checksums.ts';
import type { Operation, S3Context } from './context.ts';
import { findSource, sourceBody } from './copy.ts';
import { S3Error } from './errors.ts';
import { detailsOf, writtenHeaders } from './objects.ts';
import { finishChecksum, selectParts } from './part-selection.ts';
import { uriEncodePath } from './percent-encoding.ts';
import { queryNumber, type S3Request } from './request.ts';
import type { Upload, UploadedPart } from './upload-store.ts';
import { commitObject, publicVersionId } from './versioning.ts';
import { parseXml } from './xml.ts';

const MAX_PART_NUMBER = 10_000;

export const createMultipartUpload: Operation = (request, s3) => {
  const { bucket, key, headers } = request;
  const algorithm = checksumAlgorithm(headers['x-amz-checksum-algorithm']);
  const checksumType = algorithm && checksumTypeOf(headers['x-amz-checksum-type'], algorithm);
  const id = randomBytes(24).toString('base64url');
  const details = detailsOf(request, s3);
  s3.uploads.add({ id, bucket, key, startedAtMs: s3.now(), algorithm, checksumType, ...details });
  return {
    headers: { 'x-amz-checksum-algorithm': algorithm?.toUpperCase(), 'x-amz-checksum-type': checksumType },
    xml: { InitiateMultipartUploadResult: { Bucket: bucket, Key: key, UploadId: id } },
  };
};

export const uploadPart: Operation = async (request, s3) => {
  const part = await storePart(request, s3, () => bodyOf(request));
  return { headers: { etag: `"${part.etag}"`, ...checksumHeaders(part.checksum) } };
};

export const uploadPartCopy: Operation = async (request, s3) => {
  const source = findSource(request, s3);
  const part = await storePart(request, s3, () => sourceBody(request, s3, source));
  return {
    headers: { 'x-amz-copy-source-version-id': publicVersionId(s3, source) },
    xml: {
      CopyPartResult: {
        ETag: `"${part.etag}"`,
        LastModified: new Date(part.modifiedAtMs).toISOString(),
        ...checksumElements(part.checksum),
      },
    },
  };
};

/**
 * Nothing is copied: the parts, as they lie, are the object. Whatever has to be waited for comes before the commit, and
 * the upload is looked for again after it.
 */
export const completeMultipartUpload: Operation = async (request, s3) => {
  const document = parseXml(await readText(request), 'CompleteMultipartUpload');
  const upload = findUpload(request, s3);
  const uploaded = s3.uploads.parts(upload.id);
  const chosen = selectParts(document, uploaded);
  const checksum = await finishChecksum(s3, upload, chosen);
  findUpload(request, s3);
  const { headers, tags } = upload;
  const object = { ...assemble(chosen), checksum, headers, tags };
  const version = commitObject(s3, request, object, 'ObjectCreated:CompleteMultipartUpload');
  s3.uploads.remove(upload.id);
  s3.blobs.remove(uploaded.filter((part) => !chosen.includes(part)));
  const { etag, ...headersOfAnswer } = writtenHeaders(s3, version);
  const location = `http://${request.headers.host}/${upload.bucket}/${uriEncodePath(upload.key)}`;
  const facts = { Location: location, Bucket: upload.bucket, Key: upload.key, ETag: etag };
  return {
    headers: headersOfAnswer,
    xml: { CompleteMultipartUploadResult: { ...facts, ...checksumElements(checksum) } },
  };
};

export const abortMultipartUpload: Operation = (request, s3) => {
  abortUpload(s3, findUpload(request, s3));
  return { status: 204 };
};

/** Drops an upload and the parts that came of it. */
export function abortUpload(s3: S3Context, upload: Upload): void {
  const parts = s3.uploads.parts(upload.id);
  s3.uploads.remove(upload.id);
  s3.blobs.remove(parts);
}

/** @throws {S3Error} NoSuchUpload */
export function findUpload({ bucket, key, query }: S3Request, s3: S3Context): Upload {
  const id = query.get('uploadId') ?? '';
  const upload = s3.uploads.find(bucket, key, id);
  if (!upload) throw new S3Error('NoSuchUpload', { members: { UploadId: id } });
  return upload;
}

/**
 * Stores a part, in the place of an earlier one with its number. The body is opened only once the request is known to be
 * sound: a source that nobody reads would stay on disk.
 */
async function storePart(request: S3Request, s3: S3Context, body: () => Body): Promise<UploadedPart> {
  const number = queryNumber(request, 'partNumber') ?? 0;
  if (number < 1 || number > MAX_PART_NUMBER) {
    const message = `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`;
    throw new S3Error('InvalidArgument', { message });
  }
  const upload = findUpload(request, s3);
  const algorithm = upload.algorithm;
  const { md5, ...stored } = await s3.blobs.store(algorithm ? { ...body(), algorithm } : body());
  const part = { ...stored, number, etag: md5, modifiedAtMs: s3.now() };
  if (!s3.uploads.find(upload.bucket, upload.key, upload.id)) {
    s3.blobs.remove([part]); // the upload was aborted or completed while the part came
    throw new S3Error('NoSuchUpload', { members: { UploadId: upload.id } });
  }
  const replaced = s3.uploads.addPart(upload.id, part);
  if (replaced) s3.blobs.remove([replaced]);
  return part;
}

/** The bytes of the parts in a row, under the entity tag of AWS: the MD5 of their MD5s, and how many they are. */
function assemble(chosen: readonly UploadedPart[]) {
  const md5s = Buffer.concat(chosen.map(({ etag }) => Buffer.from(etag, 'hex')));
  return {
    etag: `${createHash('md5').update(md5s).digest('hex')}-${chosen.length}`,
    sizeBytes: chosen.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0),
    parts: chosen.map(({ blob, sizeBytes }) => ({ blob, sizeBytes })),
  };
}

/** CRC-64 covers the whole object only, SHA the parts only; the rest may do either. @throws {S3Error} InvalidRequest */
function checksumTypeOf(asked: string | undefined, algorithm: string): Checksum['type'] {
  const type = asked ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE');
  const isWhole = type === 'FULL_OBJECT';
  const isPossible = isWhole ? !algorithm.startsWith('sha') : type === 'COMPOSITE' && algorithm !== 'crc64nvme';
  if (isPossible) return isWhole ? 'FULL_OBJECT' : 'COMPOSITE';
  const message = `The ${type} checksum type cannot be used with the ${algorithm} checksum algorithm.`;
  throw new S3Error('InvalidRequest', { message });
}
