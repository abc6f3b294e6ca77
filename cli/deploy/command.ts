import { styleText } from 'node:util';
import { Command, Option } from 'commander';
import { CliError } from '../errors.ts';
import { run } from '../run.ts';
import { type Account, readAccount } from './account.ts';
import { findBuilder } from './builder.ts';
import { runCdk } from './cdk.ts';
import { explain } from './known-errors.ts';
import { type DeploymentPlan, type Finding, preflight } from './preflight.ts';

const help = `
Looks first whether the deployment can succeed: who you are, the region, the CDK's bootstrap, Docker, stacks that failed
before, Lambda's limits. What follows a -- goes to cdk deploy.

Examples:
  npm run deploy -- --stage staging --dry-run
  npm run deploy -- --stage production
  npm run deploy -- --stage staging --yes -- --verbose

Exit codes: 0 deployed, 1 not, 2 wrong usage.`;

interface DeployOptions {
  readonly stage: string;
  readonly dryRun?: true;
  readonly yes?: true;
}

/** What the command line cannot know by itself: the stages and their settings are the infrastructure's. */
export interface Stages {
  readonly names: readonly string[];
  readonly defaultName: string;
  /** @throws when a stage's settings are wrong */
  readonly plan: (name: string) => DeploymentPlan;
}

/** `npm run deploy`: the CDK's own deployment, with a look before and an explanation after. */
export const deployCommand = ({ names, defaultName, plan }: Stages): Command =>
  new Command('npm run deploy --')
    .description('deploy all stacks of a stage')
    .argument('[cdk...]', 'handed on to cdk deploy')
    .addOption(new Option('--stage <name>', 'which').choices(names).env('KILAT_STAGE').default(defaultName))
    .option('--dry-run', 'look whether it can succeed, and deploy nothing')
    .option('--yes', 'do not ask before permissions are widened; for machines')
    .addHelpText('after', help)
    .action((rest: string[], options: DeployOptions) => run(() => deploy(plan(options.stage), options, rest)));

/** A pattern of the CDK's: what holds the pipeline's own rights is deployed by a person. */
const ALL_BUT_DELIVERY = '!(Delivery)';

async function deploy(plan: DeploymentPlan, options: DeployOptions, rest: readonly string[]): Promise<boolean> {
  const [account, builder] = await Promise.all([readAccount(plan.stage, plan.region), findBuilder()]);
  console.error(`${plan.stage}: account ${account.id}, ${account.region}, as ${account.caller}`);
  const findings = preflight(plan, { account, builder });
  for (const finding of findings) console.error(paragraphOf(finding));
  if (findings.some(({ kind }) => kind === 'stop')) throw new CliError('nothing was deployed');
  const args = [
    'deploy',
    ALL_BUT_DELIVERY,
    '--progress',
    'events',
    ...(options.yes ? ['--require-approval', 'never'] : []),
    ...rest,
  ];
  if (options.dryRun) {
    console.error(`nothing stands in the way; to be run: KILAT_STAGE=${plan.stage} cdk ${args.join(' ')}`);
    return true;
  }
  return deployed(args, envOf(plan, account));
}

/** The CDK takes us-east-1 where the environment names no region; here it is where the checks looked. */
const envOf = ({ stage }: DeploymentPlan, { region }: Account): NodeJS.ProcessEnv => ({
  ...process.env,
  KILAT_STAGE: stage,
  AWS_REGION: region,
});

async function deployed(args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  const { code, said } = await runCdk({ args, env });
  if (code === 0) return true;
  for (const todo of explain(said))
    console.error(`\n${styleText('bold', 'What to do:', { stream: process.stderr })} ${todo}`);
  return false;
}

function paragraphOf({ kind, what, todo }: Finding): string {
  const mark =
    kind === 'stop'
      ? styleText('red', '✗', { stream: process.stderr })
      : styleText('yellow', '!', { stream: process.stderr });
  return `${mark} ${what}\n  → ${todo}`;
}
