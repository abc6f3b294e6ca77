import { Command } from 'commander';
import { exitAsDocumented } from '../run.ts';
import { addCommand } from './add/command.ts';
import { listCommand } from './list.ts';
import { pullCommand } from './pull/command.ts';
import { auditCommand } from './registry/audit.ts';
import { promoteCommand, rollBackCommand, withdrawCommand } from './registry/move-commands.ts';
import { registerCommand } from './registry/register.ts';
import { versionsCommand } from './registry/versions.ts';
import { verifyCommand } from './verify/command.ts';

const afterHelp = `
Exit codes: 0 done, 1 refused or failed, 2 wrong usage, 130 stopped with Ctrl-C.`;

/** `kilat models`: what is done to model folders before any of them is served, and to a stage's versions after. */
export function modelsCommand(): Command {
  const command = new Command('models')
    .description('model folders of this machine, and the versions that a stage serves')
    .addHelpText('afterAll', afterHelp);
  command.commandsGroup('Model folders:');
  for (const subcommand of [pullCommand(), addCommand(), verifyCommand(), listCommand()]) {
    command.addCommand(subcommand);
  }
  command.commandsGroup('Versions of a stage:');
  for (const subcommand of [
    versionsCommand(),
    registerCommand(),
    promoteCommand(),
    rollBackCommand(),
    withdrawCommand(),
    auditCommand(),
  ]) {
    command.addCommand(subcommand);
  }
  return exitAsDocumented(command);
}
