import { readText } from './body.ts';
import type { Operation } from './context.ts';
import { S3Error } from './errors.ts';
import type { Tag } from './version-store.ts';
import { findVersion, publicVersionId } from './versioning.ts';
import { childOf, childrenOf, parseXml, requiredText, textOf, type XmlTree } from './xml.ts';

const MAX_TAGS = 10;
const KEY = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{1,128}$/u;
const VALUE = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]{0,256}$/u;

export const getObjectTagging: Operation = (request, s3) => {
  const version = findVersion(s3, request);
  return {
    headers: { 'x-amz-version-id': publicVersionId(s3, version) },
    xml: { Tagging: { TagSet: { Tag: version.tags.map((tag) => ({ ...tag })) } } },
  };
};

export const putObjectTagging: Operation = async (request, s3) => {
  const tags = parseTagging(await readText(request));
  const version = findVersion(s3, request);
  s3.versions.retag(version, tags);
  s3.notify('ObjectTagging:Put', version);
  return { headers: { 'x-amz-version-id': publicVersionId(s3, version) } };
};

export const deleteObjectTagging: Operation = (request, s3) => {
  const version = findVersion(s3, request);
  s3.versions.retag(version, []);
  s3.notify('ObjectTagging:Delete', version);
  return { status: 204, headers: { 'x-amz-version-id': publicVersionId(s3, version) } };
};

/** The tags of an `x-amz-tagging` header: `model=resnet&stage=test`. @throws {S3Error} InvalidTag, BadRequest */
export function parseTagHeader(header = ''): Tag[] {
  return checkTags([...new URLSearchParams(header)].map(([Key, Value]) => ({ Key, Value })));
}

/** The tags of a `Tagging` document. @throws {S3Error} MalformedXML, InvalidTag, BadRequest */
export function parseTagging(document: string): Tag[] {
  return checkTags(tagsOf(parseXml(document, 'Tagging')));
}

/** Checks the tags of a bucket, of which there may be more. @throws {S3Error} MalformedXML, InvalidTag */
export function checkBucketTagging(configuration: XmlTree): XmlTree {
  assertTags(tagsOf(configuration));
  return configuration;
}

function tagsOf(tagging: XmlTree): Tag[] {
  const tagSet = childOf(tagging, 'TagSet');
  if (!tagSet) throw new S3Error('MalformedXML');
  return childrenOf(tagSet, 'Tag').map((tag) => ({ Key: requiredText(tag, 'Key'), Value: textOf(tag, 'Value') ?? '' }));
}

function checkTags(tags: Tag[]): Tag[] {
  if (tags.length > MAX_TAGS) {
    throw new S3Error('BadRequest', { message: `Object tags cannot be greater than ${MAX_TAGS}` });
  }
  assertTags(tags);
  return tags;
}

function assertTags(tags: readonly Tag[]): void {
  if (!tags.every(({ Key, Value }) => KEY.test(Key) && VALUE.test(Value))) throw new S3Error('InvalidTag');
  if (new Set(tags.map(({ Key }) => Key)).size < tags.length) {
    throw new S3Error('InvalidTag', { message: 'Cannot provide multiple Tags with the same key' });
  }
}
