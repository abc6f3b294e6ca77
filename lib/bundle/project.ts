import { join } from 'node:path';
import { root } from '../repository.ts';
import { type Bundle, bundle } from './index.ts';

export interface ProjectOptions {
  /** Holds a folder per model. @default models/, or what KILAT_MODELS names */
  readonly modelsDir?: string;
  /** Where the functions are bundled. @default .build */
  readonly buildDir?: string;
}

export interface ProjectBundle extends Bundle {
  readonly modelsDir: string;
}

/** Bundles this repository. The bundler has a process of its own: begun early, it works while the CDK is loaded. */
export async function bundleProject({
  modelsDir = process.env.KILAT_MODELS ?? join(root, 'models'),
  buildDir = join(root, '.build'),
}: ProjectOptions = {}): Promise<ProjectBundle> {
  const made = await bundle({ root, functionsDir: join(root, 'functions'), modelsDir, outDir: buildDir });
  return { ...made, modelsDir };
}
