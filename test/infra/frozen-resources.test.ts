import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { stageNames } from '../../lib/stage.ts';
import { departuresFrom, type FrozenResources, frozenFrom } from '../support/cloudformation/frozen-resources.ts';
import { aStage, declaredStacks } from '../support/synth.ts';

const frozen: FrozenResources = JSON.parse(readFileSync(join(import.meta.dirname, 'frozen-resources.json'), 'utf8'));

it('keeps every resource that holds something, and records it', () => {
  const departures = departuresFrom(frozen, frozenFrom(declaredStacks(aStage('production'))));

  const advice = 'take the change back; where the loss is meant, or nothing was deployed, run `npm run freeze`';
  expect(departures, `${departures.join('\n')}\n${advice}`).toEqual([]);
});

it('has the same logical ids in every stage', () => {
  const idsOf = (stage: (typeof stageNames)[number]) =>
    Object.values(frozenFrom(declaredStacks(aStage(stage)))).map((resources) => Object.keys(resources));

  expect(stageNames.map(idsOf)).toEqual(Array(stageNames.length).fill(Object.values(frozen).map(Object.keys)));
});

const table = (properties: object = {}, Type = 'AWS::DynamoDB::GlobalTable') => ({
  Type,
  Properties: { KeySchema: [{ AttributeName: 'tenant', KeyType: 'HASH' }], ...properties },
});

const recordOf = (Resources: Record<string, ReturnType<typeof table>>) =>
  frozenFrom([{ name: 'storage', template: { Resources }, dependencies: [] }]);

describe('a deployment is said', () => {
  it.each([
    [
      'to delete what has another logical id, and to make what was not recorded',
      { HistoryTable: table() },
      [
        'storage: History (AWS::DynamoDB::GlobalTable) would be deleted, or left behind where it is retained; lost would be its items',
        'storage: HistoryTable (AWS::DynamoDB::GlobalTable) is not recorded',
      ],
    ],
    [
      'to replace what has another type',
      { History: table({}, 'AWS::DynamoDB::Table') },
      ['storage: History would be replaced by a AWS::DynamoDB::Table; lost would be its items'],
    ],
    [
      'to replace what has other keys',
      { History: table({ KeySchema: [{ AttributeName: 'user', KeyType: 'HASH' }] }) },
      [
        'storage: History (AWS::DynamoDB::GlobalTable) would be replaced, for its KeySchema changes; lost would be its items',
      ],
    ],
    [
      'to replace what is given a name',
      { History: table({ TableName: 'history' }) },
      [
        'storage: History (AWS::DynamoDB::GlobalTable) would be replaced, for its TableName changes; lost would be its items',
      ],
    ],
    ['to keep what changes in place', { History: table({ BillingMode: 'PROVISIONED' }) }, []],
  ])('%s', (_, resources, departures) => {
    expect(departuresFrom(recordOf({ History: table() }), recordOf(resources))).toEqual(departures);
  });
});

it.each(['AWS::S3::Bucket', 'AWS::Cognito::UserPoolClient', 'AWS::KMS::Key', 'AWS::EFS::FileSystem'])(
  'asks for a record of every %s',
  (type) => {
    expect(recordOf({ Store: table({}, type) })).toHaveProperty('storage.Store');
  },
);

it('asks for no record of a function', () => {
  expect(recordOf({ Predict: table({}, 'AWS::Lambda::Function') })).toEqual({ storage: {} });
});
