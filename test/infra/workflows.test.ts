import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root } from '../../lib/repository.ts';
import { type Validate, workflowValidator } from '../support/workflows/language-service.ts';
import { rules } from '../support/workflows/rules.ts';
import { readWorkflow } from '../support/workflows/workflow.ts';

const files = globSync(['.github/workflows/*.yml', '.github/actions/*/action.yml'], { cwd: root });
const textOf = (path: string) => readFileSync(join(root, path), 'utf8');

let folder: string;
let validate: Validate;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kilat-test-'));
  validate = await workflowValidator(folder);
});
afterAll(() => rmSync(folder, { recursive: true }));

const brokenIn = (text: string) =>
  rules.filter(({ findings }) => findings(readWorkflow(text)).length > 0).map(({ name }) => name);

describe.each(files)('%s', (path) => {
  it('is what GitHub understands', async () => {
    expect(await validate(path, textOf(path))).toEqual([]);
  });

  it.each(rules)('holds to it that $name', ({ findings }) => {
    expect(findings(readWorkflow(textOf(path)))).toEqual([]);
  });
});

it('pins an action to the same commit everywhere', () => {
  const pins = files.flatMap((path) => [...textOf(path).matchAll(/uses: ([\w./-]+)@(\S+)/g)]);
  const commits = Map.groupBy(pins, ([, action]) => action!.split('/').slice(0, 2).join('/'));

  const differing = [...commits].filter(([, uses]) => new Set(uses.map(([, , commit]) => commit)).size > 1);
  expect(differing.map(([action]) => action)).toEqual([]);
});

it('shows a badge in the README of a workflow that there is, and that runs on main', () => {
  const [, name] = /actions\/workflows\/([\w-]+\.yml)\/badge\.svg/.exec(textOf('README.md'))!;

  expect(readWorkflow(textOf(`.github/workflows/${name}`)).on).toMatchObject({ push: { branches: ['main'] } });
});

const sound = `name: sound
on:
  pull_request:
permissions: {}
concurrency:
  group: sound-\${{ github.ref }}
jobs:
  first:
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      contents: read
    outputs:
      answer: \${{ steps.ask.outputs.answer }}
    steps:
      - uses: actions/checkout@de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2
        with:
          persist-credentials: false
      - run: echo answer=42 >> "$GITHUB_OUTPUT"
        id: ask
        shell: bash
  second:
    needs: first
    runs-on: ubuntu-24.04
    timeout-minutes: 10
    permissions:
      id-token: write
    environment: staging
    steps:
      - run: echo "$ANSWER"
        env:
          ANSWER: \${{ needs.first.outputs.answer }}
`;

/** The sound workflow with one thing changed. */
function planted(before: string, after: string): string {
  expect(sound).toContain(before);
  return sound.replace(before, after);
}

it('finds nothing in a sound workflow', async () => {
  expect(brokenIn(sound)).toEqual([]);
  expect(await validate('.github/workflows/sound.yml', sound)).toEqual([]);
});

describe('GitHub’s own checker', () => {
  it.each([
    ['a key that is misspelt', 'permissions: {}', 'permisions: {}', "Unexpected value 'permisions'"],
    ['an event that there is not', '  pull_request:', '  pull_requests:', "Unexpected value 'pull_requests'"],
    ['a job that waits for one that there is not', 'needs: first', 'needs: frist', "unknown job 'frist'"],
    ['a job that runs nowhere', '    runs-on: ubuntu-24.04\n', '', 'Required property is missing: runs-on'],
    ['a permission that there is not', 'contents: read', 'content: read', "Unexpected value 'content'"],
    ['a number that is none', 'timeout-minutes: 10', 'timeout-minutes: soon', "Unexpected value 'soon'"],
    ['a context that there is not', 'github.ref', 'githb.ref', "Unrecognized named-value: 'githb'"],
    ['a value that its context has not', 'github.ref', 'github.reff', 'Context access might be invalid: reff'],
    ['an output that no step has', 'steps.ask', 'steps.tell', 'Context access might be invalid: tell'],
    ['an expression without an end', 'answer }}', 'answer }', 'The expression is not closed'],
  ])('finds %s', async (_, before, after, message) => {
    const findings = await validate('.github/workflows/planted.yml', planted(before, after));

    expect(findings.join('\n')).toContain(message);
  });

  it('finds an input that the called workflow does not take', async () => {
    const text = textOf('.github/workflows/main.yml').replace('stage: staging', 'stag: staging');

    const findings = await validate('.github/workflows/main.yml', text);

    expect(findings.join('\n')).toContain('Invalid input, stag is not defined in the referenced workflow');
  });

  it('finds a step of an action that names no shell', async () => {
    const path = '.github/actions/prepare/action.yml';

    const findings = await validate(path, textOf(path).replace('shell: bash', ''));

    expect(findings.join('\n')).toContain('Required property is missing: shell');
  });
});

const commit = 'de0fac2e4500dabe0009e67214ff5f5447ce83dd';

const expression = (value: string) => `\${{ ${value} }}`;

const faults = [
  ['a tag', `@${commit} # v6.0.2`, '@v6', 'actions of others are pinned'],
  ['a short commit', commit, commit.slice(0, 7), 'actions of others are pinned'],
  ['a commit without its version', ' # v6.0.2', '', 'actions of others are pinned'],
  ['a version that may be many', '# v6.0.2', '# v6', 'actions of others are pinned'],
  ['rights for all jobs', 'permissions: {}', 'permissions: read-all', 'nothing is permitted but to jobs'],
  ['rights that nobody states', 'permissions: {}\n', '', 'nothing is permitted but to jobs'],
  ['a job with any right', 'permissions:\n      contents: read', 'permissions: write-all', 'every job says'],
  ['a job of unstated rights', '    permissions:\n      contents: read\n', '', 'every job says'],
  ['an identity without an environment', '    environment: staging\n', '', 'only jobs of an environment'],
  ['a job without an end', '    timeout-minutes: 10\n', '', 'every job ends within the hour'],
  ['a job that may hang for hours', 'timeout-minutes: 10', 'timeout-minutes: 360', 'every job ends within the hour'],
  ['a runner that changes', 'ubuntu-24.04', 'ubuntu-latest', 'jobs run on a named release'],
  ['a runner that there is not', 'ubuntu-24.04', 'ubuntu-24', 'jobs run on a named release'],
  ['a shell that there is not', 'shell: bash', 'shell: bahs', 'scripts run in bash'],
  ['runs that pile up', `concurrency:\n  group: sound-${expression('github.ref')}\n`, '', 'runs do not pile up'],
  ['a trigger with rights', '  pull_request:', '  pull_request_target:', 'no code of a pull request runs with'],
  [
    'a trigger after one',
    '  pull_request:',
    '  workflow_run:\n    workflows: [sound]',
    'no code of a pull request runs with',
  ],
  ['a title that becomes code', '"$ANSWER"', expression('github.event.pull_request.title'), 'scripts read values'],
  ['an output that becomes code', '"$ANSWER"', expression('needs.first.outputs.answer'), 'scripts read values'],
  ['a token left behind', 'persist-credentials: false', 'fetch-depth: 2', 'no checkout leaves a token'],
] as const;

describe('our own rules', () => {
  it.each(faults)('find %s', (_, before, after, rule) => {
    expect(brokenIn(planted(before, after))).toEqual([expect.stringContaining(rule)]);
  });

  it.each([
    ['an action’s script', '- run: npm ci', `- run: echo ${expression('inputs.name')}`, 'scripts read values'],
    ['an action’s action', /@[0-9a-f]{40} # v[\d.]+/, '@v6', 'actions of others are pinned'],
  ])('look into %s too', (_, before, after, rule) => {
    const text = textOf('.github/actions/prepare/action.yml').replace(before, after);

    expect(brokenIn(text)).toEqual([expect.stringContaining(rule)]);
  });

  it('have a planted fault each', () => {
    const unplanted = rules.filter(({ name }) => !faults.some(([, , , rule]) => name.startsWith(rule)));

    expect(unplanted).toEqual([]);
  });
});
