import { promoteRequestSchema } from '@kilat/contracts';
import { Option } from 'commander';
import { as } from '../../options.ts';

const percentSchema = promoteRequestSchema.shape.challenger_percent;

export const percentOption = (): Option =>
  new Option('--percent <number>', 'of the users, for a challenger; 10 where absent').argParser((text) =>
    as(percentSchema)(Number(text)),
  );
