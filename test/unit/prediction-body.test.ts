import { limits } from '@kilat/contracts';
import { ImageTooLargeError, InvalidRequestError, MalformedRequestError, UnsupportedMediaTypeError } from '@kilat/core';
import { readPredictionBody } from '@kilat/lambda';
import { describe, expect, it } from 'vitest';
import { anHttpEvent } from '../support/http-event.ts';

const PHOTO = Buffer.from([0xff, 0xd8, 0xff, 0x00, 0x80, 0xfe]);

const upload = (contentType: string | undefined, body: Buffer | string) =>
  readPredictionBody(anHttpEvent({ body, ...(contentType && { headers: { 'content-type': contentType } }) }));

async function formBody(form: FormData): Promise<{ contentType: string; body: Buffer }> {
  const request = new Request('http://form', { method: 'POST', body: form });
  return { contentType: request.headers.get('content-type')!, body: Buffer.from(await request.arrayBuffer()) };
}

describe('an image upload', () => {
  it.each(['image/jpeg', 'image/png', 'IMAGE/JPEG', 'image/heic', 'application/octet-stream'])(
    'is the body itself when it claims to be %s',
    async (contentType) => {
      await expect(upload(contentType, PHOTO)).resolves.toEqual({ kind: 'bytes', bytes: PHOTO });
    },
  );

  it('is the file of a form’s image field, byte by byte', async () => {
    const form = new FormData();
    form.set('note', 'a field of no concern');
    form.set('image', new File([PHOTO], 'three.jpg'));
    const { contentType, body } = await formBody(form);

    const { bytes } = (await upload(contentType, body)) as { bytes: Uint8Array };

    expect(Buffer.from(bytes).equals(PHOTO)).toBe(true);
  });

  it('is the base64 of a JSON body, as a data URL too', async () => {
    const base64 = PHOTO.toString('base64');
    const plain = await upload('application/json', JSON.stringify({ image_base64: base64 }));
    const dataUrl = await upload(
      'application/json',
      JSON.stringify({ image_base64: `data:image/png;base64,${base64}` }),
    );

    expect([plain, dataUrl]).toEqual([
      { kind: 'bytes', bytes: PHOTO },
      { kind: 'bytes', bytes: PHOTO },
    ]);
  });

  it('is a URL in a JSON body', async () => {
    const body = JSON.stringify({ image_url: 'https://example.com/a.jpg' });

    await expect(upload('application/json; charset=utf-8', body)).resolves.toEqual({
      kind: 'url',
      url: 'https://example.com/a.jpg',
    });
  });

  it.each([undefined, '', 'text/plain', 'application/xml', 'video/mp4', 'imagejpeg'])(
    'is refused with the content type %j',
    async (contentType) => {
      await expect(upload(contentType, PHOTO)).rejects.toThrow(UnsupportedMediaTypeError);
    },
  );

  it.each([
    ['no boundary', 'multipart/form-data', '--x\r\n'],
    ['another boundary', 'multipart/form-data; boundary=a', '--b\r\n\r\n--b--'],
    [
      'no end',
      'multipart/form-data; boundary=a',
      '--a\r\nContent-Disposition: form-data; name="image"; filename="x"\r\n\r\nabc',
    ],
    ['no headers', 'multipart/form-data; boundary=a', '--a\r\n\r\n\r\n--a--'],
    ['nothing at all', 'multipart/form-data; boundary=a', ''],
  ])('is refused as a form with %s', async (_, contentType, body) => {
    await expect(upload(contentType, body)).rejects.toThrow(MalformedRequestError);
  });

  it('is refused when the form’s field is text', async () => {
    const form = new FormData();
    form.set('image', 'not a file');
    const { contentType, body } = await formBody(form);

    await expect(upload(contentType, body)).rejects.toThrow(/no file in a field named 'image'/);
  });

  it.each(['{', '', '\u0000', '{"image_base64":'])('is refused as the JSON body %j', async (body) => {
    await expect(upload('application/json', body)).rejects.toThrow(MalformedRequestError);
  });

  it.each([
    {},
    [],
    null,
    { image_base64: 3 },
    { image_url: [] },
    { image_base64: 'AAAA', image_url: 'https://example.com' },
    { image_url: `https://example.com/${'a'.repeat(2048)}` },
  ])('is refused with the members %j', async (body) => {
    await expect(upload('application/json', JSON.stringify(body))).rejects.toThrow(InvalidRequestError);
  });

  it.each(['abc', '====', 'ab=c', 'äöü!', 'AAAA AAAA'])('is refused as the base64 %j', async (text) => {
    await expect(upload('application/json', JSON.stringify({ image_base64: text }))).rejects.toThrow(
      /not standard base64/,
    );
  });

  it('may have just as many bytes as the limit', async () => {
    await expect(upload('image/jpeg', Buffer.alloc(limits.maxImageBytes))).resolves.toBeDefined();
  });

  it('is refused with one byte more, in each of the three ways', async () => {
    const tooLarge = Buffer.alloc(limits.maxImageBytes + 1);
    const form = new FormData();
    form.set('image', new File([tooLarge], 'large.jpg'));
    const { contentType, body } = await formBody(form);

    await expect(upload('image/jpeg', tooLarge)).rejects.toThrow(ImageTooLargeError);
    await expect(upload(contentType, body)).rejects.toThrow(ImageTooLargeError);
    await expect(
      upload('application/json', JSON.stringify({ image_base64: tooLarge.toString('base64') })),
    ).rejects.toThrow(ImageTooLargeError);
  });
});

describe('rows of a table', () => {
  it('are read from JSON', async () => {
    const body = JSON.stringify({ instances: [{ tenure: 3, plan: null }] });

    expect(await upload('application/json', body)).toEqual({
      kind: 'instances',
      instances: [{ tenure: 3, plan: null }],
    });
  });

  it.each([
    ['none', []],
    ['more than a thousand', Array.from({ length: 1001 }, () => ({}))],
    ['with an object in a cell', [{ plan: {} }]],
    ['with a member beside them', undefined],
  ])('%s are refused', async (_, instances) => {
    const body = JSON.stringify(instances ? { instances } : { instances: [{}], model: 'churn' });

    await expect(upload('application/json', body)).rejects.toMatchObject({ code: 'invalid-request' });
  });
});
