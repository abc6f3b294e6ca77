import { Command } from 'commander';
import { exitAsDocumented } from '../run.ts';
import { addCommand } from './add/command.ts';
import { listCommand } from './list.ts';
import { pullCommand } from './pull/command.ts';
import { verifyCommand } from './verify/command.ts';

const afterHelp = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 stopped with Ctrl-C.`;

/** `kilat models`: everything that is done to model folders, before any of them is served. */
export function modelsCommand(): Command {
  const command = new Command('models')
    .description('pull, add, verify and list models')
    .addHelpText('afterAll', afterHelp);
  for (const subcommand of [pullCommand(), addCommand(), verifyCommand(), listCommand()]) {
    command.addCommand(subcommand);
  }
  return exitAsDocumented(command);
}
