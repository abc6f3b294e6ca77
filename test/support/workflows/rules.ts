import type { Job, Step, Workflow } from './workflow.ts';

/** What must hold for every workflow of ours, and no linter knows. */
export interface Rule {
  readonly name: string;
  /** @returns what breaks the rule; nothing, where it holds */
  readonly findings: (workflow: Workflow) => string[];
}

const jobsOf = ({ jobs = {} }: Workflow): [name: string, job: Job][] => Object.entries(jobs);
const stepsOf = (workflow: Workflow): Step[] => [
  ...jobsOf(workflow).flatMap(([, { steps = [] }]) => steps),
  ...(workflow.runs?.steps ?? []),
];
const isReusable = ({ on }: Workflow) => on !== undefined && Object.keys(on).every((name) => name === 'workflow_call');
const namesOf = (jobs: readonly [string, Job][]) => jobs.map(([name]) => name);

const USES = /^\s*(?:- )?uses: *(.*)$/gm;
const PINNED = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;

export const rules: readonly Rule[] = [
  {
    name: 'actions of others are pinned to a commit, with its version beside it',
    findings: ({ text }) =>
      [...text.matchAll(USES)]
        .map(([, action]) => action!.trim())
        .filter((action) => !isOurs(action) && !PINNED.test(action)),
  },
  {
    name: 'nothing is permitted but to jobs',
    findings: (workflow) =>
      workflow.jobs && JSON.stringify(workflow.permissions) !== '{}'
        ? [JSON.stringify(workflow.permissions) ?? 'default']
        : [],
  },
  {
    name: 'every job says what it is permitted',
    findings: (workflow) => namesOf(jobsOf(workflow).filter(([, { permissions }]) => typeof permissions !== 'object')),
  },
  {
    name: 'only jobs of an environment prove who they are to AWS',
    findings: (workflow) =>
      namesOf(
        jobsOf(workflow).filter(
          ([, job]) => !job.uses && !job.environment && Object(job.permissions)['id-token'] === 'write',
        ),
      ),
  },
  {
    name: 'every job ends within the hour',
    findings: (workflow) =>
      namesOf(jobsOf(workflow).filter(([, job]) => !job.uses && !((job['timeout-minutes'] ?? Infinity) <= 60))),
  },
  {
    name: 'jobs run on a named release of Ubuntu',
    findings: (workflow) =>
      jobsOf(workflow)
        .filter(([, job]) => !job.uses && !/^ubuntu-\d\d\.04$/.test(String(job['runs-on'])))
        .map(([, job]) => String(job['runs-on'])),
  },
  {
    name: 'scripts run in bash',
    findings: (workflow) => stepsOf(workflow).flatMap(({ shell = 'bash' }) => (shell === 'bash' ? [] : [shell])),
  },
  {
    name: 'runs do not pile up',
    findings: (workflow) => (workflow.jobs && !isReusable(workflow) && !workflow.concurrency ? ['no concurrency'] : []),
  },
  {
    name: 'no code of a pull request runs with the rights of the repository',
    findings: ({ on = {} }) => Object.keys(on).filter((name) => ['pull_request_target', 'workflow_run'].includes(name)),
  },
  {
    name: 'scripts read values from their environment',
    findings: (workflow) => stepsOf(workflow).flatMap(({ run = '' }) => run.match(/\$\{\{.*?\}\}/gs) ?? []),
  },
  {
    name: 'no checkout leaves a token behind',
    findings: (workflow) =>
      stepsOf(workflow)
        .filter((step) => step.uses?.startsWith('actions/checkout@') && step.with?.['persist-credentials'] !== false)
        .map(({ uses }) => uses!),
  },
];

const isOurs = (action: string) => action.startsWith('./');
