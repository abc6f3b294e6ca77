import { Command } from 'commander';
import { artefactsCommand } from './artefacts.ts';
import { compareCommand } from './compare-command.ts';
import { listCommand } from './list.ts';
import { showCommand } from './show.ts';
import { watchCommand } from './watch-command.ts';

const help = `
Examples:
  kilat runs list --model churn
  kilat runs watch 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53
  kilat runs compare 019aa3c5-2f0b-7d54-9d2e-4f6d8f0f5a53 019aa3c9-11d2-7c41-8f0a-2b1c7d3e4f5a`;

/** `kilat runs`: how models were trained. */
export function runsCommand(): Command {
  const command = new Command('runs').description('see how models were trained').addHelpText('after', help);
  for (const subcommand of [listCommand(), showCommand(), compareCommand(), watchCommand(), artefactsCommand()]) {
    command.addCommand(subcommand);
  }
  return command;
}
