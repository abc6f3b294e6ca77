import { runStore } from '@kilat/adapters/run-store';
import { beforeAll, describe } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { NOW_SECONDS, runStoreContract } from '../support/run-store-contract.ts';

describe('runs in DynamoDB', () => {
  beforeAll(() => useEnvironmentOf('training'));

  runStoreContract(
    () => runStore(process.env.RUNS_TABLE!, () => NOW_SECONDS * 1000),
    () => crypto.randomUUID(),
  );
});
