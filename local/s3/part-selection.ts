import { type Checksum, checksumElements, compositeChecksum, startDigest } from './checksums.ts';
import type { S3Context } from './context.ts';
import { S3Error } from './errors.ts';
import type { Upload, UploadedPart } from './upload-store.ts';
import { childrenOf, requiredText, textOf, type XmlTree } from './xml.ts';

/** Any part but the last one is at least so large. */
const MIN_PART_BYTES = 5 * 1024 ** 2;

/**
 * The parts that a `CompleteMultipartUpload` document lists, which need not be all.
 * @throws {S3Error} InvalidPart, InvalidPartOrder, EntityTooSmall, MalformedXML
 */
export function selectParts(document: XmlTree, uploaded: readonly UploadedPart[]): UploadedPart[] {
  const byNumber = new Map(uploaded.map((part) => [part.number, part]));
  const listed = childrenOf(document, 'Part');
  const chosen = listed.map((element) => selectPart(element, byNumber));
  if (chosen.length === 0) throw new S3Error('MalformedXML');
  if (chosen.some((part, index) => index > 0 && part.number <= chosen[index - 1]!.number)) {
    throw new S3Error('InvalidPartOrder');
  }
  const small = chosen.slice(0, -1).find(({ sizeBytes }) => sizeBytes < MIN_PART_BYTES);
  if (small) throw tooSmall(small);
  return chosen;
}

/** The checksum of the whole object: of the parts' checksums, or of all its bytes, which are then read again. */
export async function finishChecksum(
  s3: S3Context,
  { algorithm, checksumType, id }: Upload,
  chosen: readonly UploadedPart[],
): Promise<Checksum | undefined> {
  if (!algorithm) return undefined;
  if (checksumType === 'COMPOSITE')
    return compositeChecksum(
      algorithm,
      chosen.map(({ checksum }) => checksum!),
    );
  const digest = startDigest(algorithm);
  try {
    for await (const bytes of s3.blobs.read(chosen)) digest.update(bytes);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ENOENT') throw cause;
    throw new S3Error('NoSuchUpload', { members: { UploadId: id } }); // aborted meanwhile
  }
  return { algorithm, value: digest.digest().toString('base64'), type: 'FULL_OBJECT' };
}

function selectPart(element: XmlTree, uploaded: ReadonlyMap<number, UploadedPart>): UploadedPart {
  const number = Number(requiredText(element, 'PartNumber'));
  const etag = requiredText(element, 'ETag').replaceAll('"', '');
  const part = uploaded.get(number);
  if (part?.etag !== etag) throw new S3Error('InvalidPart', { members: { PartNumber: number, ETag: etag } });
  const { ChecksumType: _type, ...checksum } = checksumElements(part.checksum);
  for (const [name, value] of Object.entries(checksum)) {
    if ((textOf(element, name) ?? value) !== value) {
      throw new S3Error('InvalidPart', { members: { PartNumber: number, ETag: etag } });
    }
  }
  return part;
}

function tooSmall({ number, etag, sizeBytes }: UploadedPart): S3Error {
  return new S3Error('EntityTooSmall', {
    members: { PartNumber: number, ETag: etag, ProposedSize: sizeBytes, MinSizeAllowed: MIN_PART_BYTES },
  });
}
