import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  changesBetween,
  markdownOf,
  NoAssemblyError,
  readTemplates,
  type Template,
} from '../../lib/template-diff/index.ts';
import { anApp } from '../support/synth.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

interface StandIn {
  readonly Type: string;
  readonly Properties?: object;
  readonly DeletionPolicy?: 'Retain';
}

const aTable = (key: string): StandIn => ({
  Type: 'AWS::DynamoDB::GlobalTable',
  Properties: { KeySchema: [{ AttributeName: key, KeyType: 'HASH' }] },
});
const aFunction = (properties: object): StandIn => ({ Type: 'AWS::Lambda::Function', Properties: properties });
const aBucket: StandIn = { Type: 'AWS::S3::Bucket' };

/** Stacks, each with its one resource. */
const templates = (resources: Record<string, StandIn>): ReadonlyMap<string, Template> =>
  new Map(Object.entries(resources).map(([stack, resource]) => [stack, { Resources: { It: resource } }]));

const change = (before: StandIn | undefined, after: StandIn | undefined) => {
  const [stack] = changesBetween(
    templates(before ? { Storage: before } : {}),
    templates(after ? { Storage: after } : {}),
  );
  return stack?.resources[0];
};

describe('changes between templates', () => {
  it.each([
    ['an updated function', aFunction({ MemorySize: 128 }), aFunction({ MemorySize: 256 }), 'update', ['MemorySize']],
    [
      'a renamed function',
      aFunction({ FunctionName: 'a' }),
      aFunction({ FunctionName: 'b' }),
      'replace',
      ['FunctionName'],
    ],
    ['a new bucket', undefined, aBucket, 'add', []],
    ['a function that is gone', aFunction({}), undefined, 'remove', []],
  ])('tell %s, without alarm', (_, before, after, action, properties) => {
    expect(change(before, after)).toMatchObject({ action, properties, endangersData: false });
  });

  it.each([
    ['a table with another key, which CloudFormation makes anew', aTable('user'), aTable('tenant'), 'replace'],
    ['a bucket that is gone', aBucket, undefined, 'remove'],
    ['a kept bucket that leaves its stack', { ...aBucket, DeletionPolicy: 'Retain' as const }, undefined, 'orphan'],
    ['a bucket that turns into a table', aBucket, aTable('user'), 'replace'],
  ])('sound the alarm for %s', (_, before, after, action) => {
    expect(change(before, after)).toMatchObject({ action, endangersData: true });
  });

  it('leave out stacks that stay as they are', () => {
    const same = templates({ Storage: aBucket, Api: aFunction({}) });

    expect(changesBetween(same, templates({ Storage: aBucket, Api: aFunction({ MemorySize: 256 }) }))).toMatchObject([
      { stack: 'Api' },
    ]);
  });

  it('tell a stack that is gone, with all it held', () => {
    expect(changesBetween(templates({ Storage: aBucket }), new Map())).toMatchObject([
      { stack: 'Storage', resources: [{ action: 'remove', endangersData: true }] },
    ]);
  });
});

describe('the report', () => {
  const reportOf = (before: Record<string, StandIn>, after: Record<string, StandIn>) =>
    markdownOf(changesBetween(templates(before), templates(after)), 'What staging would become');

  it('says so where nothing changes', () => {
    expect(reportOf({ Storage: aBucket }, { Storage: aBucket })).toBe(
      '## What staging would become\n\nNo template changes.\n',
    );
  });

  it('puts a replaced or removed store first, loudly', () => {
    const report = reportOf({ Storage: aTable('user'), Inbox: aBucket }, { Storage: aTable('tenant') });

    expect(report).toContain(
      [
        '## What staging would become',
        '',
        '> [!CAUTION]',
        '> **Data is at stake.**',
        '> - **`Storage/It`** (AWS::DynamoDB::GlobalTable) would be REPLACED by an empty one: `KeySchema`',
        '> - **`Inbox/It`** (AWS::S3::Bucket) would be REMOVED with all it holds',
      ].join('\n'),
    );
  });

  it('warns of nothing where no store is touched', () => {
    expect(
      reportOf({ Api: aFunction({ FunctionName: 'a' }) }, { Api: aFunction({ FunctionName: 'b' }) }),
    ).not.toContain('[!CAUTION]');
  });

  it('counts by stack, and names each resource with what changes', () => {
    const report = reportOf({ Api: aFunction({ MemorySize: 128 }) }, { Api: aFunction({ MemorySize: 256 }) });

    expect(report).toContain('| Api |  | 1 |  |  |  |  |');
    expect(report).toContain('| update | `It` | AWS::Lambda::Function | `MemorySize` |');
  });

  it('stays within what GitHub takes for a comment, however much changes', () => {
    const Resources = Object.fromEntries(
      Array.from({ length: 450 }, (_, index) => [`Function${index}`, aFunction({})]),
    );
    const report = markdownOf(changesBetween(new Map(), new Map([['Api', { Resources }]])), 'Changes');

    expect(report.length).toBeLessThan(65_536);
    expect(report).toContain('and 350 more');
  });
});

describe('templates', () => {
  it('are read as npm run synth writes them, by stack', () => {
    const { directory } = anApp(temporaryFolder()).synth();

    expect([...readTemplates(directory).keys()]).toEqual([
      'Storage',
      'Identity',
      'Inference',
      'Jobs',
      'Training',
      'Api',
    ]);
  });

  it.each([
    ['that is not there', () => '/nowhere'],
    ['that holds something else', () => withManifest(temporaryFolder(), '{}')],
    ['whose templates are gone', () => withManifest(temporaryFolder(), manifestWithout)],
  ])('are not looked for in a folder %s', (_, folder) => {
    expect(() => readTemplates(folder())).toThrow(NoAssemblyError);
  });
});

const manifestWithout = JSON.stringify({
  artifacts: { Api: { type: 'aws:cloudformation:stack', properties: { templateFile: 'Api.template.json' } } },
});

function withManifest(parent: string, content: string): string {
  const folder = join(parent, 'cdk.out');
  mkdirSync(folder);
  writeFileSync(join(folder, 'manifest.json'), content);
  return folder;
}
