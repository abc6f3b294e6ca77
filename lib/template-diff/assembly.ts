import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A CloudFormation template, of which nothing but AWS's own comparison reads more. */
export type Template = Readonly<Record<string, unknown>>;

export class NoAssemblyError extends Error {
  override readonly name = 'NoAssemblyError';
  readonly folder: string;

  constructor(folder: string, cause: unknown) {
    super(`${folder} holds no templates; expected a folder that npm run synth wrote`, { cause });
    this.folder = folder;
  }
}

interface Manifest {
  readonly artifacts: Record<
    string,
    { readonly type: string; readonly properties?: { readonly templateFile: string } }
  >;
}

/**
 * The templates that `npm run synth` wrote, by stack.
 * @throws {NoAssemblyError}
 */
export function readTemplates(folder: string): ReadonlyMap<string, Template> {
  try {
    const { artifacts } = readJson<Manifest>(join(folder, 'manifest.json'));
    const stacks = Object.entries(artifacts).filter(([, { type }]) => type === 'aws:cloudformation:stack');
    return new Map(stacks.map(([id, { properties }]) => [id, readJson(join(folder, properties!.templateFile))]));
  } catch (cause) {
    throw new NoAssemblyError(folder, cause);
  }
}

const readJson = <T>(path: string): T => JSON.parse(readFileSync(path, 'utf8')) as T;
