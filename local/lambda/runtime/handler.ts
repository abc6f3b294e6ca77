import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RuntimeError } from './errors.ts';

export type Handler = (event: unknown, context: unknown) => unknown;

const EXTENSIONS = ['.mjs', '.js', '.cjs'];
const NOT_FOUND = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);

/**
 * Imports the module that a handler string names, and picks the export.
 * @param handler `path/module.export`, where the export may be nested: `index.api.handler`
 * @throws {RuntimeError} named as Lambda names it; or what the module itself threw
 */
export async function loadHandler(directory: string, handler: string): Promise<Handler> {
  const [, module, exportPath] = /^(.*?[^/\\.]+)\.(.+)$/.exec(handler) ?? [];
  if (!module || !exportPath) throw new RuntimeError('Runtime.MalformedHandlerName', 'Bad handler');

  let value: unknown = await importModule(directory, module);
  for (const name of exportPath.split('.')) value = (value as Record<string, unknown> | undefined)?.[name];
  if (typeof value !== 'function') {
    throw new RuntimeError('Runtime.HandlerNotFound', `${handler} is undefined or not exported`);
  }
  return value as Handler;
}

async function importModule(directory: string, module: string): Promise<unknown> {
  const file = EXTENSIONS.map((extension) => resolve(directory, module + extension)).find(existsSync);
  if (!file) throw new RuntimeError('Runtime.ImportModuleError', `Error: Cannot find module '${module}'`);
  try {
    return await import(pathToFileURL(file).href);
  } catch (error) {
    if (error instanceof SyntaxError) throw new RuntimeError('Runtime.UserCodeSyntaxError', String(error));
    if (NOT_FOUND.has((error as NodeJS.ErrnoException)?.code ?? '')) {
      throw new RuntimeError('Runtime.ImportModuleError', String(error), { cause: error });
    }
    throw error;
  }
}
