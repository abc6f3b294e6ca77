import { createHash } from 'node:crypto';
import { derivedId, madeAt } from '@kilat/core';
import { validate, version } from 'uuid';
import { expect, it } from 'vitest';

const TIME = 0x017f22e279b0; // of the example in RFC 9562, appendix A.6
const sha256 = (text: string): Uint8Array => createHash('sha256').update(text).digest();

it('lays time and digest out as RFC 9562 §5.7 says', () => {
  const digest = Uint8Array.of(0x00, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99);

  expect(derivedId(TIME, digest)).toBe('017f22e2-79b0-7011-a233-445566778899');
});

it('is a UUIDv7 of its time, whatever the digest', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => derivedId(TIME, sha256(String(index))));

  expect(ids.every((id) => validate(id) && version(id) === 7 && madeAt(id) === TIME)).toBe(true);
  expect(new Set(ids).size).toBe(1000);
});
