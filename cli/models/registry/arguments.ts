import { modelNameSchema, modelVersionSchema, promoteRequestSchema } from '@kilat/contracts';
import { Argument, Option } from 'commander';
import { as } from '../../options.ts';

export const modelArgument = (): Argument => new Argument('<model>', 'its name').argParser(as(modelNameSchema));

export const versionArgument = (): Argument =>
  new Argument('<version>', 'its number').argParser(as(modelVersionSchema));

export const reasonOption = (): Option =>
  new Option('--reason <text>', 'why, for the audit').argParser(as(promoteRequestSchema.shape.reason));
