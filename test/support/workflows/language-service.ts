import { readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { build } from 'esbuild';
import { root } from '../../../lib/repository.ts';

type Service = Pick<typeof import('@actions/languageservice'), 'validate'> &
  Pick<typeof import('vscode-languageserver-textdocument'), 'TextDocument'>;

/** What GitHub's editor support finds wrong with a workflow or an action. @param path within the repository */
export type Validate = (path: string, text: string) => Promise<string[]>;

/** A file that a workflow names, by its path within the repository. */
const fileProvider = {
  getFileContent: async (reference: { readonly path?: string }) => {
    const path = reference.path ?? '';
    return { name: path, content: readFileSync(join(root, path), 'utf8') };
  },
};

/** Bundled as it is loaded: its modules import JSON in a way that Node refuses, and its parts load each other half. */
export async function workflowValidator(folder: string): Promise<Validate> {
  const outfile = join(folder, 'language-service.cjs');
  await build({
    stdin: {
      contents:
        "export { validate } from '@actions/languageservice'; export { TextDocument } from 'vscode-languageserver-textdocument';",
      resolveDir: root,
    },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    outfile,
  });
  const { validate, TextDocument } = createRequire(import.meta.url)(outfile) as Service;
  rmSync(outfile);
  let count = 0;
  return async (path, text) => {
    const uri = `file:///${++count}/${path}`; // what it once read at an address, it does not read again
    const document = TextDocument.create(uri, 'yaml', 0, text);
    const diagnostics = await validate(document, { fileProvider } as Parameters<Service['validate']>[1]);
    return diagnostics.map(({ message, range }) => `${path}:${range.start.line + 1}: ${message}`);
  };
}
