import { runPathSchema } from '@kilat/contracts';
import { Argument } from 'commander';
import { as } from '../options.ts';

/** @param name as the usage shows it */
export const runArgument = (name = 'id'): Argument =>
  new Argument(`<${name}>`, 'of the run, as kilat runs list shows it').argParser(as(runPathSchema.shape.run_id));
