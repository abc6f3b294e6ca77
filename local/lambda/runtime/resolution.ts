import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const NOT_FOUND = new Set(['ERR_MODULE_NOT_FOUND', 'MODULE_NOT_FOUND']);
const isBare = (specifier: string) => !/^(\.{0,2}\/|[a-z]+:)/.test(specifier);

/** Lets bare specifiers that the code cannot resolve be resolved from `folder`: it stands in for the image's node_modules. */
export function resolveFrom(folder: string): void {
  const parentURL = pathToFileURL(join(folder, 'package.json')).href;
  const fromFolder = createRequire(parentURL);
  let inFallback = false; // createRequire passes through the hook as well

  registerHooks({
    resolve(specifier, context, nextResolve) {
      try {
        return nextResolve(specifier, context);
      } catch (error) {
        if (inFallback || !isBare(specifier) || !NOT_FOUND.has((error as NodeJS.ErrnoException).code ?? ''))
          throw error;
        if (context.conditions.includes('import')) return nextResolve(specifier, { ...context, parentURL });
        inFallback = true; // for require() the parent is not a parameter
        try {
          return { url: pathToFileURL(fromFolder.resolve(specifier)).href, shortCircuit: true };
        } finally {
          inFallback = false;
        }
      }
    },
  });
}
