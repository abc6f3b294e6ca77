import { registryStore } from '@kilat/adapters/registry-store';
import { beforeAll, describe } from 'vitest';
import { useEnvironmentOf } from '../support/function-environment.ts';
import { registryStoreContract } from '../support/registry-store-contract.ts';

describe('a registry in DynamoDB', () => {
  beforeAll(() => useEnvironmentOf('models'));

  registryStoreContract(
    () => registryStore(process.env.REGISTRY_TABLE!),
    () => crypto.randomUUID(),
  );
});
