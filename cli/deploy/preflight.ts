import { verdictOf } from '../aws/stack-status.ts';
import type { Account, Concurrency } from './account.ts';
import type { ImageBuilder } from './builder.ts';

/** What a stage's settings say about where it goes and what it takes. */
export interface DeploymentPlan {
  readonly stage: string;
  /** 12 digits; absent: any */
  readonly account?: string | undefined;
  /** absent: any */
  readonly region?: string | undefined;
  /** predictions at a time that are set aside; absent: none are */
  readonly reservedConcurrency?: number | undefined;
}

/** Something about the account that stops a deployment, or that its author should know. */
export interface Finding {
  readonly kind: 'stop' | 'note';
  readonly what: string;
  readonly todo: string;
}

export interface Circumstances {
  readonly account: Account;
  readonly builder: ImageBuilder;
}

/** What templates of this CDK ask of the bootstrap; a test compares it with what synthesis writes. */
export const REQUIRED_BOOTSTRAP_VERSION = 6;

/**
 * What Lambda keeps for functions that set nothing aside.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html
 */
const MIN_UNRESERVED = 100;

/** What every account has once AWS has raised it; new ones begin with as few as 10. */
const USUAL_LIMIT = 1000;

/** What stands in the way of a deployment. In the wrong place, nothing else matters. */
export function preflight(plan: DeploymentPlan, { account, builder }: Circumstances): Finding[] {
  const misplaced = placeFindings(plan, account);
  if (misplaced.length > 0) return misplaced;
  return [
    ...account.unchecked.map(
      (what): Finding => ({ kind: 'note', what, todo: 'this was not checked; the rest goes on' }),
    ),
    ...bootstrapFindings(account),
    ...stackFindings(account),
    ...builderFindings(builder, account, plan),
    ...concurrencyFindings(plan, account),
  ];
}

const settings = (stage: string): string => `the settings of '${stage}' in lib/stage.ts`;

function placeFindings({ stage, account, region }: DeploymentPlan, actual: Account): Finding[] {
  const findings: Finding[] = [];
  if (account !== undefined && account !== actual.id) {
    findings.push({
      kind: 'stop',
      what: `stage '${stage}' belongs to account ${account}, and these credentials are for ${actual.id}`,
      todo: `name the right profile with AWS_PROFILE, or change ${settings(stage)}`,
    });
  }
  if (region !== undefined && region !== actual.region) {
    findings.push({
      kind: 'stop',
      what: `stage '${stage}' belongs in ${region}, and the environment names ${actual.region}`,
      todo: `set AWS_REGION=${region}, or change ${settings(stage)}`,
    });
  }
  return findings;
}

function bootstrapFindings({ id, region, bootstrapVersion }: Account): Finding[] {
  if (bootstrapVersion === undefined || bootstrapVersion >= REQUIRED_BOOTSTRAP_VERSION) return [];
  const what =
    bootstrapVersion === 0
      ? `the CDK is not bootstrapped in ${region} of account ${id}`
      : `the CDK's bootstrap in ${region} is version ${bootstrapVersion}; expected ${REQUIRED_BOOTSTRAP_VERSION} or later`;
  return [{ kind: 'stop', what, todo: `run npx cdk bootstrap aws://${id}/${region}` }];
}

const stackFindings = ({ stacks = [] }: Account): Finding[] =>
  stacks.flatMap((stack): Finding[] => {
    const verdict = verdictOf(stack);
    if (verdict.kind === 'ready') return [];
    return [{ kind: verdict.kind, what: `${stack.name} is in ${stack.status}: ${verdict.what}`, todo: verdict.todo }];
  });

/** The CDK builds no image that is in the registry already: a stage that stands may do without. */
function builderFindings(builder: ImageBuilder, { stacks }: Account, { stage }: DeploymentPlan): Finding[] {
  if (builder.state === 'ready') return [];
  const isFirst = stacks?.length === 0;
  const fault = builder.state === 'absent' ? 'is not installed' : 'does not answer: its engine does not run';
  const need = isFirst ? `the first deployment of '${stage}' builds an image` : 'a changed image cannot be built';
  return [
    {
      kind: isFirst ? 'stop' : 'note',
      what: `${builder.command} ${fault}, and ${need}`,
      todo: 'start Docker, or name a compatible builder with CDK_DOCKER (podman, finch)',
    },
  ];
}

function concurrencyFindings({ stage, reservedConcurrency }: DeploymentPlan, account: Account): Finding[] {
  const { concurrency, region } = account;
  if (!concurrency) return [];
  const wanted = reservedConcurrency ?? 0;
  const free = concurrency.unreserved + concurrency.reservedByStage;
  if (wanted > 0 && free - wanted < MIN_UNRESERVED) {
    return [
      {
        kind: 'stop',
        what:
          `'${stage}' sets ${wanted} concurrent executions aside, and ${free} of the account's ${concurrency.limit} in ` +
          `${region} are free, of which ${MIN_UNRESERVED} must stay so`,
        todo: `remove inferenceConcurrency from ${settings(stage)}, or ${askForMore(concurrency, wanted, region)}`,
      },
    ];
  }
  if (concurrency.limit >= MIN_UNRESERVED) return [];
  return [
    {
      kind: 'note',
      what: `this account runs ${concurrency.limit} functions at a time in ${region}, as new ones do; more are throttled`,
      todo: askForMore(concurrency, wanted, region),
    },
  ];
}

/** L-B99A9384 is Lambda's quota of concurrent executions. */
function askForMore({ limit, unreserved, reservedByStage }: Concurrency, wanted: number, region: string): string {
  const missing = wanted + MIN_UNRESERVED - unreserved - reservedByStage;
  const value = Math.max(USUAL_LIMIT, limit + missing);
  return (
    'ask for more: aws service-quotas request-service-quota-increase --service-code lambda ' +
    `--quota-code L-B99A9384 --desired-value ${value} --region ${region}`
  );
}
