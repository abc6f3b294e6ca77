import { Command } from 'commander';
import { CliError } from '../cli/errors.ts';
import { modelsCommand } from '../cli/models/index.ts';
import { tokenCommand } from '../cli/token.ts';
import packageJson from '../package.json' with { type: 'json' };

const program = new Command('kilat').description(packageJson.description).version(packageJson.version);
program.enablePositionalOptions().addCommand(modelsCommand()).addCommand(tokenCommand());

try {
  await program.parseAsync();
} catch (error) {
  if (!(error instanceof CliError)) throw error;
  process.stderr.write(`kilat: ${error.message}\n`);
  process.exitCode = 1;
}
