import { createRequire } from 'node:module';
import { name } from 'only-in-the-image';

export const handler = async () => ({
  imported: name,
  required: createRequire(import.meta.url)('required-in-the-image'),
});
