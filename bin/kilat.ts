import { Command } from 'commander';
import { dropCommand } from '../cli/drop/command.ts';
import { historyCommand } from '../cli/history/command.ts';
import { jobsCommand } from '../cli/jobs/command.ts';
import { loginCommand } from '../cli/login/command.ts';
import { logoutCommand } from '../cli/login/logout.ts';
import { modelsCommand } from '../cli/models/index.ts';
import { predictCommand } from '../cli/predict/command.ts';
import { redriveCommand } from '../cli/redrive/command.ts';
import { endWithItsReader, exitAsDocumented } from '../cli/run.ts';
import { runsCommand } from '../cli/runs/command.ts';
import { smokeCommand } from '../cli/smoke/command.ts';
import { tokenCommand } from '../cli/token.ts';
import { trainCommand } from '../cli/train/command.ts';
import packageJson from '../package.json' with { type: 'json' };

const program = new Command('kilat').description(packageJson.description).version(packageJson.version);
for (const command of [
  predictCommand(),
  jobsCommand(),
  dropCommand(),
  historyCommand(),
  loginCommand(),
  logoutCommand(),
  modelsCommand(),
  runsCommand(),
  trainCommand(),
  redriveCommand(),
  smokeCommand(),
  tokenCommand(),
]) {
  program.addCommand(command);
}

endWithItsReader();
await exitAsDocumented(program.enablePositionalOptions()).parseAsync();
