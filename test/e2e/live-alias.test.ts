import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { GetAliasCommand, InvokeCommand, LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { beforeAll, expect, inject, it } from 'vitest';
import { endpoint, example, predictBytes, tokenOf } from '../support/api.ts';

const { dataDir } = inject('cloud');
const lambda = new LambdaClient(endpoint('lambda'));

let FunctionName: string;
beforeAll(async () => {
  const { Functions = [] } = await lambda.send(new ListFunctionsCommand({}));
  FunctionName = Functions.find(({ FunctionName: name }) => name?.includes('Predict'))!.FunctionName!;
});

it('has predict live at the version that the template publishes', async () => {
  const { FunctionVersion } = await lambda.send(new GetAliasCommand({ FunctionName, Name: 'live' }));

  expect(FunctionVersion).toBe('1');
});

it('predicts through the alias: the gateway runs the published version, never $LATEST', async () => {
  const { status } = await predictBytes(await tokenOf('user'), await example('three.jpg'));

  const log = await readFile(join(dataDir, 'logs', `${FunctionName}.log`), 'utf8');
  expect(status).toBe(200);
  expect(log).toMatch(/START RequestId: \S+ Version: 1$/m);
  expect(log).not.toContain('Version: $LATEST');
});

it('knows no alias that the template does not', async () => {
  await expect(lambda.send(new InvokeCommand({ FunctionName, Qualifier: 'canary' }))).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});
