import { join, resolve } from 'node:path';
import { Option } from 'commander';

/** The models that ship with the project. */
const PROJECT_MODELS = join(import.meta.dirname, '../../models');

export interface SharedOptions {
  readonly models?: string;
  readonly json?: true;
}

/** A new one for each command: commander changes what it is given. */
export const modelsOption = (): Option =>
  new Option('--models <dir>', "where models lie, one folder each; the project's own where absent").env('KILAT_MODELS');

export const jsonOption = (): Option => new Option('--json', 'print the outcome as one JSON document');

/** The folder of the models as an absolute path. */
export const modelsDirFrom = ({ models }: SharedOptions): string => (models ? resolve(models) : PROJECT_MODELS);
