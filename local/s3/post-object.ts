import { assertAllowed } from './access-check.ts';
import { writeAccess } from './authorization.ts';
import type { Body } from './body.ts';
import { principalOf } from './caller.ts';
import { requestedChecksum } from './checksums.ts';
import type { S3Context } from './context.ts';
import { encryptionHeaders } from './encryption.ts';
import { S3Error } from './errors.ts';
import { keptHeaders } from './object-headers.ts';
import { storeObject, writtenHeaders } from './objects.ts';
import { uriEncodePath } from './percent-encoding.ts';
import { assertPolicy, type FormFields } from './post-policy.ts';
import type { S3Request } from './request.ts';
import type { S3Response } from './response.ts';
import { parseTagging, parseTagHeader } from './tagging.ts';
import type { ObjectVersion } from './version-store.ts';

/** A form is held in memory while it is read, so it is kept smaller than an upload may be. */
const MAX_FORM_BYTES = 256 * 1024 ** 2;

/** What a form writes in its key for the name of the file. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: these are the characters that the form has
const FILENAME = '${filename}';

/**
 * The upload of a browser's form, allowed by the policy in it.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
 */
export async function postObject(request: S3Request, s3: S3Context): Promise<S3Response> {
  const form = await readForm(request);
  const key = (form.fields.key ?? '').replaceAll(FILENAME, form.file.name);
  const fields = { ...form.fields, key };
  const signedFields = { ...fields, bucket: request.bucket };
  assertPolicy({ fields: signedFields, fileBytes: form.file.size }, s3);
  if (!key) throw new S3Error('InvalidArgument', { message: "Bucket POST must contain a field named 'key'." });
  const target = { ...request, key, headers: fields };
  authorizeForm(target, s3);
  const details = { headers: { ...keptHeaders(fields), ...encryptionHeaders(target, s3) }, tags: tagsOf(fields) };
  const version = await storeObject(s3, target, fileBody(form), details, 'ObjectCreated:Post');
  return posted(request, s3, { version, fields });
}

/** Whoever signed a form must be allowed what it does, at the time when it is used. */
function authorizeForm(target: S3Request, s3: S3Context): void {
  if (!s3.iam) return;
  const { 'x-amz-credential': credential = '', 'x-amz-security-token': token } = target.headers;
  const principal = principalOf(s3.keys, credential.split('/')[0]!, token);
  for (const wanted of writeAccess(target)) assertAllowed(s3, { principal, authType: 'POST' }, wanted);
}

interface Form {
  readonly fields: FormFields;
  readonly file: File;
}

/** S3 reads no field that comes after the file. */
async function readForm({ headers, body }: S3Request): Promise<Form> {
  const fields: Record<string, string> = {};
  for (const [name, value] of await parseForm(headers['content-type'] ?? '', await gather(body))) {
    if (name === 'file') return { fields, file: typeof value === 'string' ? new File([value], '') : value };
    if (typeof value === 'string') fields[name.toLowerCase()] = value;
  }
  throw new S3Error('InvalidArgument', { message: 'POST requires exactly one file upload per request.' });
}

async function gather(body: AsyncIterable<Buffer>): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of body) {
    sizeBytes += chunk.length;
    if (sizeBytes > MAX_FORM_BYTES) throw new S3Error('EntityTooLarge');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function parseForm(contentType: string, body: Buffer<ArrayBuffer>): Promise<FormData> {
  try {
    return await new Response(body, { headers: { 'content-type': contentType } }).formData();
  } catch {
    throw new S3Error('MalformedPOSTRequest');
  }
}

function fileBody({ fields, file }: Form): Body {
  const bytes = (async function* () {
    yield Buffer.from(await file.arrayBuffer());
  })();
  return { bytes, algorithm: requestedChecksum(fields), promised: fields };
}

function tagsOf(fields: FormFields) {
  return fields.tagging ? parseTagging(fields.tagging) : parseTagHeader(fields['x-amz-tagging']);
}

function posted(
  { bucket, headers }: S3Request,
  s3: S3Context,
  { version, fields }: { version: ObjectVersion; fields: FormFields },
): S3Response {
  const location = `http://${headers.host}/${bucket}/${uriEncodePath(version.key)}`;
  const written = writtenHeaders(s3, version);
  const redirect = URL.parse(fields.success_action_redirect ?? '');
  if (redirect) {
    for (const [name, value] of Object.entries({ bucket, key: version.key, etag: `"${version.etag}"` })) {
      redirect.searchParams.set(name, value);
    }
    return { status: 303, headers: { ...written, location: redirect.href } };
  }
  const headersOfAnswer = { ...written, location };
  if (fields.success_action_status !== '201') {
    return { status: fields.success_action_status === '200' ? 200 : 204, headers: headersOfAnswer };
  }
  const facts = { Location: location, Bucket: bucket, Key: version.key, ETag: `"${version.etag}"` };
  return { status: 201, headers: headersOfAnswer, xml: { PostResponse: facts } };
}
