import { deployCommand } from '../cli/deploy/command.ts';
import { exitAsDocumented } from '../cli/run.ts';
import { chosenStage, readStage, stageNames } from '../lib/stage.ts';

const LOCAL = 'local';

const command = deployCommand({
  names: stageNames.filter((name) => name !== LOCAL), // which is started, with npm start
  defaultName: chosenStage({}),
  plan: (name) => {
    const { account, region, inferenceConcurrency } = readStage(name);
    return { stage: name, account, region, reservedConcurrency: inferenceConcurrency };
  },
});

await exitAsDocumented(command).parseAsync();
