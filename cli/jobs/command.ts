import { Command } from 'commander';
import { cancelCommand } from './cancel.ts';
import { listCommand } from './list.ts';
import { resultCommand } from './result.ts';
import { submitCommand } from './submit-command.ts';
import { watchCommand } from './watch-command.ts';

const help = `
Examples:
  kilat jobs submit photos/ --model signs --wait
  kilat jobs watch 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53
  kilat jobs result 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 -o result.ndjson`;

/** `kilat jobs`: many photos at once, answered later. */
export function jobsCommand(): Command {
  const command = new Command('jobs').description('have many photos classified').addHelpText('after', help);
  for (const subcommand of [submitCommand(), watchCommand(), resultCommand(), listCommand(), cancelCommand()]) {
    command.addCommand(subcommand);
  }
  return command;
}
