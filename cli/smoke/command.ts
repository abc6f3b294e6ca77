import { styleText } from 'node:util';
import { Command } from 'commander';
import { endpointOption, regionOption, withConnection } from '../connection/connect.ts';
import { linesOption } from '../options.ts';
import { printLine } from '../output/json.ts';
import { run, untilInterrupted } from '../run.ts';
import type { StepOutcome } from './steps.ts';
import type { TargetOptions } from './target.ts';

const help = `
Signs in as KILAT_SMOKE_USERNAME with KILAT_SMOKE_PASSWORD, else as whoever did with kilat login. Where the stage is, its
stacks tell, with your AWS credentials, which the drop needs too.

Examples:
  kilat smoke
  kilat smoke --stage staging --json

Exit codes: 0 all works, 1 something does not, 2 wrong usage, 130 stopped with Ctrl-C.`;

interface SmokeOptions extends TargetOptions {
  readonly json?: true;
}

/** `kilat smoke`: tries out what a stage is for, and says what works. */
export const smokeCommand = (): Command =>
  withConnection(new Command('smoke'))
    .description('try out a stage: sign in, predict, submit a job, drop a photo; says what works')
    .addOption(regionOption())
    .addOption(endpointOption())
    .addOption(linesOption())
    .addHelpText('after', help)
    .action((options: SmokeOptions) =>
      run(() =>
        untilInterrupted(
          (signal) => smoke(options, signal),
          () => 'stopped',
        ),
      ),
    );

async function smoke(options: SmokeOptions, signal: AbortSignal): Promise<boolean> {
  // Loaded here: dropping a photo loads the SDK, which no other command waits for.
  const [{ smokeSteps }, { runSteps }, { targetOf }] = await Promise.all([
    import('./checks.ts'),
    import('./steps.ts'),
    import('./target.ts'),
  ]);
  const steps = smokeSteps(await targetOf(options));
  let works = 0;
  for await (const outcome of runSteps(steps, signal)) {
    if (outcome.outcome === 'works') works++;
    if (options.json) printLine(outcome);
    else console.log(lineOf(outcome, Math.max(...steps.map(({ name }) => name.length))));
  }
  if (!options.json) console.log(`${works} of ${steps.length} work`);
  return works === steps.length;
}

function lineOf(outcome: StepOutcome, width: number): string {
  const name = outcome.step.padEnd(width);
  if (outcome.outcome === 'skipped') return `${styleText('yellow', '–')} ${name}  skipped: ${outcome.reason}`;
  const took = `${outcome.duration_ms} ms`.padStart(9);
  if (outcome.outcome === 'works') return `${styleText('green', '✓')} ${name}  ${took}  ${outcome.detail}`;
  return `${styleText('red', '✗')} ${name}  ${took}  ${outcome.reason}\n  → ${outcome.advice}`;
}
