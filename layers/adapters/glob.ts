import { posix } from 'node:path';

/** `*` stays within one folder, `**` does not; `?`, `[…]` and `{a,b}` as everywhere. */
export const matchesGlob = (path: string, pattern: string): boolean => posix.matchesGlob(path, pattern);
