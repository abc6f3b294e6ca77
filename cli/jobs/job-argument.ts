import { jobPathSchema } from '@kilat/contracts';
import { Argument } from 'commander';
import { as } from '../options.ts';

export const jobArgument = (): Argument =>
  new Argument('<id>', 'of the job, as submit printed it').argParser(as(jobPathSchema.shape.job_id));
