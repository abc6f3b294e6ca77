import { isBuiltin } from 'node:module';
import { basename, dirname, join } from 'node:path';
import type { FunctionName } from '@kilat/contracts';
import { build, type Metafile, type OutputFile } from 'esbuild';
import type { Files } from './folder.ts';
import { nativePackages } from './native-packages.ts';

/** Some packages of the AWS SDK's still call `require`, which a module does not have. */
const requireForModules =
  "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);";

export interface FunctionSources {
  readonly root: string;
  readonly functionsDir: string;
  readonly names: readonly FunctionName[];
  /** those that run in an image */
  readonly images: readonly FunctionName[];
}

export class NativePackageInZipError extends Error {
  override readonly name = 'NativePackageInZipError';
  readonly functionName: string;
  readonly packageName: string;

  constructor(functionName: string, packageName: string) {
    super(`function '${functionName}' is a zip and imports '${packageName}', which only an image can hold`);
    this.functionName = functionName;
    this.packageName = packageName;
  }
}

export interface BundledFunctions {
  /** by function: its module, `index.mjs` as a rule, and the source map */
  readonly code: ReadonlyMap<FunctionName, Files>;
  /** by function: the source files that its module was made of, from the repository's root */
  readonly sources: ReadonlyMap<FunctionName, readonly string[]>;
}

/** Bundles every function in one call, where the CDK's NodejsFunction would start a process of 0.4 s for each. */
export async function bundleFunctions({
  root,
  functionsDir,
  names,
  images,
}: FunctionSources): Promise<BundledFunctions> {
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({
      in: join(functionsDir, name, 'handler.ts'),
      out: `${name}/${moduleOf(name)}`,
    })),
    outdir: join(root, '.build/functions'),
    outExtension: { '.js': '.mjs' },
    write: false,
    metafile: true,
    bundle: true,
    minify: true,
    keepNames: true, // an error is logged by its class's name
    sourcemap: 'linked',
    sourcesContent: false, // a stack trace needs names and lines alone
    platform: 'node',
    target: 'node24',
    format: 'esm',
    mainFields: ['module', 'main'],
    external: [...nativePackages],
    banner: { js: requireForModules },
    logLevel: 'warning',
  });
  assertNativePackagesInImages(metafile, images);
  return {
    code: new Map(names.map((name) => [name, filesOf(name, outputFiles)])),
    sources: new Map(names.map((name) => [name, sourcesOf(name, metafile)])),
  };
}

/** Those that lie beside predict, in one image, have a module of their own name. */
const moduleOf = (name: FunctionName) => (name === 'batch' || name === 'verify' || name === 'train' ? name : 'index');

const functionOf = (path: string) => basename(dirname(path));

const filesOf = (name: FunctionName, outputs: readonly OutputFile[]): Files =>
  new Map(outputs.filter(({ path }) => functionOf(path) === name).map((file) => [basename(file.path), file.contents]));

const sourcesOf = (name: FunctionName, { outputs }: Metafile): string[] =>
  Object.entries(outputs).flatMap(([path, { inputs }]) => (functionOf(path) === name ? Object.keys(inputs) : []));

function assertNativePackagesInImages({ outputs }: Metafile, images: readonly string[]): void {
  for (const [path, { imports }] of Object.entries(outputs)) {
    const native = imports.find((imported) => imported.external && !isBuiltin(imported.path));
    if (native && !images.includes(functionOf(path))) throw new NativePackageInZipError(functionOf(path), native.path);
  }
}
