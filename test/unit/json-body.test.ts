import { readJsonBody } from '@kilat/lambda';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { anHttpEvent } from '../support/http-event.ts';

const schema = z.strictObject({ count: z.int() });

const read = (body: string, contentType?: string) =>
  readJsonBody(anHttpEvent({ body, headers: contentType ? { 'content-type': contentType } : {} }), schema);

describe('a JSON body', () => {
  it('is read by its schema', () => {
    expect(read('{"count":2}', 'application/json; charset=utf-8')).toEqual({ count: 2 });
  });

  it.each([
    ['{"count":', 'application/json', 'malformed-request'],
    ['', 'application/json', 'malformed-request'],
    ['{"count":"2"}', 'application/json', 'invalid-request'],
    ['{"count":2,"more":1}', 'application/json', 'invalid-request'],
    ['{"count":2}', 'text/plain', 'unsupported-media-type'],
    ['{"count":2}', undefined, 'unsupported-media-type'],
  ])('%j of the type %s is refused as %s', (body, contentType, code) => {
    expect(() => read(body, contentType)).toThrow(expect.objectContaining({ code }));
  });
});
