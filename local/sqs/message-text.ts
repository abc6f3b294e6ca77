import { SqsError } from './errors.ts';

/**
 * The characters of XML 1.0, which is all that SQS carries; a lone surrogate is none either.
 * @see https://www.w3.org/TR/REC-xml/#charsets
 */
const DISALLOWED = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

const ALLOWED = '#x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]';

/** @throws {SqsError} InvalidMessageContents */
export function assertAllowedCharacters(text: string): void {
  const character = DISALLOWED.exec(text)?.[0];
  if (character === undefined) return;
  const code = character.codePointAt(0)?.toString(16).toUpperCase();
  throw new SqsError(
    'InvalidMessageContents',
    `Invalid binary character '#x${code}' was found in the message, the set of allowed characters is ${ALLOWED}`,
  );
}
